package io.tidemark.shipper.trial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What can happen to one request to S3, as seen on the wire: in front of a simulated server and of a real one alike.
 */
public enum S3Hazard {
    /** Done, and nobody says so. */
    NO_ANSWER_BUT_DONE {
        @Override
        Said meet(HttpMessage request, Server server) throws IOException {
            server.serve(request);
            return Said.NOTHING;
        }
    },
    NO_ANSWER_NOT_DONE {
        @Override
        Said meet(HttpMessage request, Server server) {
            return Said.NOTHING;
        }
    },
    /** Not done while anybody waits for it; it is under way still, and arrives some requests later. */
    NO_ANSWER_DONE_LATER {
        @Override
        Said meet(HttpMessage request, Server server) {
            return Said.NOTHING;
        }
    },
    /** Done, and the answer says that it was not: the next try finds the key taken (412). */
    SLOW_DOWN_BUT_DONE {
        @Override
        Said meet(HttpMessage request, Server server) throws IOException {
            server.serve(request);
            return Said.error(request, 503, "SlowDown");
        }
    },
    INTERNAL_ERROR_BUT_DONE {
        @Override
        Said meet(HttpMessage request, Server server) throws IOException {
            server.serve(request);
            return Said.error(request, 500, "InternalError");
        }
    },
    INTERNAL_ERROR {
        @Override
        Said meet(HttpMessage request, Server server) {
            return Said.error(request, 500, "InternalError");
        }
    },
    CONFLICT {
        @Override
        Said meet(HttpMessage request, Server server) {
            return Said.error(request, 409, writes(request) ? "ConditionalRequestConflict" : "OperationAborted");
        }
    },
    SLOW_DOWN {
        @Override
        Said meet(HttpMessage request, Server server) {
            return Said.error(request, 503, "SlowDown");
        }
    },
    TOO_MANY_REQUESTS {
        @Override
        Said meet(HttpMessage request, Server server) {
            return Said.error(request, 429, "TooManyRequests");
        }
    },
    CLOCK_SKEWED {
        @Override
        Said meet(HttpMessage request, Server server) {
            return Said.error(request, 403, "RequestTimeTooSkewed");
        }
    },
    CREDENTIALS_EXPIRED {
        @Override
        Said meet(HttpMessage request, Server server) {
            return Said.error(request, 400, "ExpiredToken");
        }
    },
    REDIRECT {
        @Override
        Said meet(HttpMessage request, Server server) {
            return Said.error(request, 307, "TemporaryRedirect");
        }
    },
    /** An error that calls itself a success. */
    SUCCESS_WITH_AN_ERROR_IN_IT {
        @Override
        Said meet(HttpMessage request, Server server) {
            return Said.error(request, 200, "InternalError");
        }
    },
    /** Half a body, then the connection ends in good order. Of a request the server says what it got. */
    BODY_CUT {
        @Override
        Said meet(HttpMessage request, Server server) throws IOException {
            if (writes(request)) {
                return Said.error(request, 400, "IncompleteBody");
            }
            HttpMessage answer = server.serve(request);
            return new Said(answer, answer.body().length / 2, false);
        }
    },
    CONNECTION_RESET_WITHIN_THE_BODY {
        @Override
        Said meet(HttpMessage request, Server server) throws IOException {
            if (writes(request)) {
                return new Said(null, 0, true);
            }
            HttpMessage answer = server.serve(request);
            return new Said(answer, answer.body().length / 2, true);
        }
    },
    /** One bit is another. A listing has no hash of its own, and is made unreadable. */
    BODY_DAMAGED {
        @Override
        Said meet(HttpMessage request, Server server) throws IOException {
            if (writes(request)) {
                return Said.whole(
                        server.serve(new HttpMessage(request.startLine(), request.headers(), flipped(request.body()))));
            }
            HttpMessage answer = server.serve(request);
            if (request.method().equals("HEAD")) {
                return Said.whole(new HttpMessage(
                        answer.startLine(),
                        answer.headers().replaceAll("(?i)(sha256: )[0-9a-f]", "$1x"),
                        answer.body()));
            }
            return Said.whole(new HttpMessage(
                    answer.startLine(),
                    answer.headers(),
                    lists(request)
                            ? text(answer).replace('<', '(').getBytes(StandardCharsets.UTF_8)
                            : flipped(answer.body())));
        }
    },
    /** The end is missing, and the length says that this is all. */
    LENGTH_WRONG {
        @Override
        Said meet(HttpMessage request, Server server) throws IOException {
            HttpMessage answer = server.serve(request);
            if (request.method().equals("HEAD")) {
                String shorter = answer.headers().replaceAll("(?i)(content-length: \\d*)\\d\r\n", "$10\r\n");
                return Said.whole(new HttpMessage(answer.startLine(), shorter, answer.body()));
            }
            return Said.whole(answer.withBody(Arrays.copyOf(answer.body(), answer.body().length * 2 / 3)));
        }
    },
    /** A listing without its last keys, as if they had not been written yet. */
    LISTING_STALE {
        private static final int KEYS = 2;

        @Override
        Said meet(HttpMessage request, Server server) throws IOException {
            HttpMessage answer = server.serve(request);
            String text = text(answer);
            for (int i = 0; i < KEYS && text.contains("<Contents>"); i++) {
                int from = text.lastIndexOf("<Contents>");
                int to = text.indexOf("</Contents>", from) + "</Contents>".length();
                text = text.substring(0, from) + text.substring(to);
            }
            return Said.whole(answer.withBody(text.getBytes(StandardCharsets.UTF_8)));
        }
    };

    /** Whoever answers when nothing happens. Thread-safe. */
    @FunctionalInterface
    public interface Server {
        HttpMessage serve(HttpMessage request) throws IOException;
    }

    /**
     * What reaches the client.
     *
     * @param answer null for none
     * @param bytes of its body that arrive, if fewer than all; then the connection is over
     * @param reset whether it ends by a reset
     */
    public record Said(HttpMessage answer, int bytes, boolean reset) {
        static final Said NOTHING = new Said(null, 0, false);

        static Said whole(HttpMessage answer) {
            return new Said(answer, answer.body().length, false);
        }

        static Said error(HttpMessage request, int status, String code) {
            return whole(HttpMessage.error(request, status, code));
        }

        public boolean isWhole() {
            return answer != null && bytes == answer.body().length;
        }
    }

    /** The request meets its hazard. */
    abstract Said meet(HttpMessage request, Server server) throws IOException;

    /** Whether there is a difference between this and what another hazard does to such a request. */
    public boolean concerns(HttpMessage request) {
        return switch (this) {
            case NO_ANSWER_BUT_DONE, SLOW_DOWN_BUT_DONE, INTERNAL_ERROR_BUT_DONE -> writes(request);
            case NO_ANSWER_DONE_LATER -> request.method().equals("PUT");
            case SUCCESS_WITH_AN_ERROR_IN_IT -> !request.method().equals("HEAD");
            case BODY_CUT, CONNECTION_RESET_WITHIN_THE_BODY ->
                !request.method().equals("HEAD") && !request.method().equals("DELETE");
            case BODY_DAMAGED ->
                !request.method().equals("POST") && !request.method().equals("DELETE");
            case LENGTH_WRONG -> !writes(request);
            case LISTING_STALE -> lists(request);
            default -> true;
        };
    }

    static boolean writes(HttpMessage request) {
        return !request.method().equals("GET") && !request.method().equals("HEAD");
    }

    static boolean lists(HttpMessage request) {
        return request.method().equals("GET") && request.target().contains("list-type=2");
    }

    private static String text(HttpMessage message) {
        return new String(message.body(), StandardCharsets.UTF_8);
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] other = bytes.clone();
        if (other.length > 0) {
            other[other.length / 2] ^= 1;
        }
        return other;
    }
}
