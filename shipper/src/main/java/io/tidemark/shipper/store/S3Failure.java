package io.tidemark.shipper.store;

import io.tidemark.shipper.store.S3ErrorTable.Answer;
import io.tidemark.shipper.store.S3ErrorTable.Meaning;
import io.tidemark.shipper.store.S3ErrorTable.NoAnswer;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What a failed request means for the one who sent it, by {@link S3ErrorTable}.
 *
 * @param reason in words, with what to do where a person must act
 */
record S3Failure(Meaning meaning, String reason) {
    private static final int CAUSES_MAX = 16;

    static S3Failure of(SdkException failure) {
        return failure instanceof AwsServiceException answer ? answered(answer) : unanswered(failure);
    }

    private static S3Failure answered(AwsServiceException answer) {
        var details = answer.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        Answer row = S3ErrorTable.ANSWERS.stream()
                .filter(r -> r.fits(answer.statusCode(), code))
                .findFirst()
                .orElseThrow();
        String said = answer.statusCode() + (code == null ? "" : " " + code);
        String message = details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
        return new S3Failure(row.meaning(), said + (row.advice().isEmpty() ? message : ": " + row.advice()));
    }

    /** The outer exceptions of the SDK say only that something failed: the innermost that a row knows decides. */
    private static S3Failure unanswered(SdkException failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable t = failure; t != null && causes.size() < CAUSES_MAX; t = t.getCause()) {
            causes.add(t);
        }
        NoAnswer row = S3ErrorTable.NO_ANSWERS.stream()
                .filter(r -> causes.stream().anyMatch(r::fits))
                .findFirst()
                .orElseThrow();
        Throwable root = causes.get(causes.size() - 1);
        String said = root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
        return new S3Failure(row.meaning(), said + (row.advice().isEmpty() ? "" : ": " + row.advice()));
    }
}
