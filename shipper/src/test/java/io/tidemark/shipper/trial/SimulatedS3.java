package io.tidemark.shipper.trial;

import io.tidemark.shipper.trial.S3Hazard.Server;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * One bucket of S3 in memory, asked by HTTP messages in path style. Stricter than S3: a body must come with its MD5 and a
 * condition, no key may be a prefix of another's folder, and listings have few keys to a page. What breaks these rules is
 * an {@link AssertionError}. Signatures are not looked at. Thread-safe.
 *
 * <p>A directory bucket (S3 Express) is asked by its host, hands out sessions, lists in an order of its own, and takes no
 * {@code start-after}, no half words as prefix, and no MD5 but a CRC-32C.
 */
public final class SimulatedS3 implements Server {
    private final int pageKeys;
    private final boolean directory;
    private final TreeMap<String, Stored> objects = new TreeMap<>();
    private final TreeMap<String, Upload> uploads = new TreeMap<>();
    private int uploadsEver;
    private int sessions;
    private boolean ignoresConditions;

    private record Stored(byte[] bytes, String metadata, String etag) {}

    private record Upload(String key, String metadata, Instant begun, TreeMap<Integer, byte[]> parts) {}

    /** @param pageKeys keys to a page of a listing, at most; S3 has 1,000 */
    public SimulatedS3(int pageKeys) {
        this(pageKeys, false);
    }

    private SimulatedS3(int pageKeys, boolean directory) {
        this.pageKeys = pageKeys;
        this.directory = directory;
    }

    /** A directory bucket. */
    public static SimulatedS3 directoryBucket(int pageKeys) {
        return new SimulatedS3(pageKeys, true);
    }

    /** Sessions that were asked for. */
    public synchronized int sessions() {
        return sessions;
    }

    /** From now on it takes {@code If-None-Match} and overwrites all the same. */
    public synchronized void ignoreConditions() {
        ignoresConditions = true;
    }

    /** Keys in the bucket, in order. */
    public synchronized List<String> keys() {
        return List.copyOf(objects.keySet());
    }

    /** Null when there is no such object. */
    public synchronized byte[] peek(String key) {
        Stored stored = objects.get(key);
        return stored == null ? null : stored.bytes().clone();
    }

    /** Uploads that were begun and are neither completed nor given up. */
    public synchronized int unfinishedUploads() {
        return uploads.size();
    }

    @Override
    public synchronized HttpMessage serve(HttpMessage request) {
        Question asked = Question.of(request, directory);
        return switch (request.method()) {
            case "PUT" -> asked.has("uploadId") ? putPart(request, asked) : put(request, asked.key());
            case "GET" -> {
                if (asked.has("uploads")) {
                    yield listUploads();
                }
                if (asked.has("session")) {
                    yield session(request);
                }
                yield asked.has("list-type") ? list(asked) : get(request, asked.key());
            }
            case "HEAD" -> head(request, asked.key());
            case "POST" -> asked.has("uploads") ? begin(request, asked.key()) : complete(request, asked);
            case "DELETE" -> delete(request, asked);
            default -> throw new AssertionError("no method of S3: " + request.startLine());
        };
    }

    private HttpMessage put(HttpMessage request, String key) {
        require("*".equals(request.header("If-None-Match")), "an object put without a condition", request);
        if (!bodyIsAsItsSum(request)) {
            return HttpMessage.error(request, 400, "BadDigest");
        }
        if (objects.containsKey(key) && !ignoresConditions) {
            return HttpMessage.error(request, 412, "PreconditionFailed");
        }
        return created(key, request.body(), metadata(request));
    }

    private HttpMessage created(String key, byte[] body, String metadata) {
        String below = objects.ceilingKey(key + "/");
        require(below == null || !below.startsWith(key + "/"), "a key that is a folder: " + key, null);
        Stored stored = new Stored(body, metadata, '"' + HexFormat.of().formatHex(md5(body)) + '"');
        objects.put(key, stored);
        return HttpMessage.answer(200, "ETag: " + stored.etag() + "\r\n", new byte[0]);
    }

    private boolean bodyIsAsItsSum(HttpMessage request) {
        if (directory) {
            CRC32C crc = new CRC32C();
            crc.update(request.body());
            byte[] sum = ByteBuffer.allocate(Integer.BYTES)
                    .putInt((int) crc.getValue())
                    .array();
            require(request.header("Content-MD5") == null, "an MD5 to a directory bucket", request);
            String said = request.header("x-amz-checksum-crc32c");
            return Base64.getEncoder().encodeToString(sum).equals(said);
        }
        String said = request.header("Content-MD5");
        require(said != null, "a body without its MD5", request);
        return said.equals(Base64.getEncoder().encodeToString(md5(request.body())));
    }

    private HttpMessage get(HttpMessage request, String key) {
        Stored stored = objects.get(key);
        if (stored == null) {
            return HttpMessage.error(request, 404, "NoSuchKey");
        }
        String range = request.header("Range");
        if (range == null) {
            return HttpMessage.answer(200, headers(stored), stored.bytes());
        }
        String[] ends = range.substring("bytes=".length()).split("-");
        int from = Integer.parseInt(ends[0]);
        int to = Math.min(Integer.parseInt(ends[1]), stored.bytes().length - 1);
        if (from > to) {
            return HttpMessage.error(request, 416, "InvalidRange");
        }
        String part = "Content-Range: bytes " + from + "-" + to + "/" + stored.bytes().length + "\r\n";
        return HttpMessage.answer(206, headers(stored) + part, Arrays.copyOfRange(stored.bytes(), from, to + 1));
    }

    private HttpMessage head(HttpMessage request, String key) {
        Stored stored = objects.get(key);
        return stored == null
                ? HttpMessage.error(request, 404, "NoSuchKey")
                : new HttpMessage(
                        "HTTP/1.1 200 Said",
                        headers(stored) + "Content-Length: " + stored.bytes().length + "\r\n",
                        new byte[0]);
    }

    private static String headers(Stored stored) {
        return "ETag: " + stored.etag() + "\r\n" + stored.metadata();
    }

    private HttpMessage session(HttpMessage request) {
        require(directory, "a session of no directory bucket", request);
        sessions++;
        return xml(
                "CreateSessionResult",
                "<Credentials><SessionToken>token</SessionToken><SecretAccessKey>secret"
                        + "</SecretAccessKey><AccessKeyId>id</AccessKeyId><Expiration>"
                        + Instant.now().plusSeconds(300)
                        + "</Expiration></Credentials>");
    }

    /** A directory bucket's order is nobody's business, but stays the same for as long as a listing goes on. */
    private List<String> inItsOrder(String prefix) {
        List<String> keys = new ArrayList<>(objects.keySet());
        keys.removeIf(key -> !key.startsWith(prefix));
        if (directory) {
            keys.sort(Comparator.comparing(key -> HexFormat.of().formatHex(md5(key.getBytes(StandardCharsets.UTF_8)))));
        }
        return keys;
    }

    private HttpMessage list(Question asked) {
        String prefix = asked.get("prefix");
        boolean wholeWord = prefix.isEmpty() || prefix.endsWith("/");
        require(!directory || !asked.has("start-after") && wholeWord, "a listing of " + asked, null);
        List<String> keys = inItsOrder(prefix);
        if (asked.has("continuation-token")) {
            keys = keys.subList(keys.indexOf(asked.get("continuation-token")) + 1, keys.size());
        } else {
            keys.removeIf(key -> key.compareTo(asked.get("start-after")) <= 0);
        }
        StringBuilder xml = new StringBuilder();
        TreeSet<String> folders = new TreeSet<>();
        int taken = 0;
        String last = null;
        boolean truncated = false;
        for (String key : keys) {
            if (taken == pageKeys) {
                truncated = true;
                break;
            }
            int slash = asked.has("delimiter") ? key.indexOf('/', prefix.length()) : -1;
            if (slash >= 0) {
                folders.add(key.substring(0, slash + 1));
            } else {
                xml.append("<Contents><Key>").append(key).append("</Key><Size>");
                xml.append(objects.get(key).bytes().length).append("</Size></Contents>");
            }
            taken++;
            last = key;
        }
        folders.forEach(f -> xml.append("<CommonPrefixes><Prefix>").append(f).append("</Prefix></CommonPrefixes>"));
        return xml(
                "ListBucketResult",
                "<IsTruncated>" + truncated + "</IsTruncated>"
                        + (truncated ? "<NextContinuationToken>" + last + "</NextContinuationToken>" : "") + xml);
    }

    private HttpMessage begin(HttpMessage request, String key) {
        String id = "upload-" + ++uploadsEver;
        uploads.put(id, new Upload(key, metadata(request), Instant.now(), new TreeMap<>()));
        return xml("InitiateMultipartUploadResult", "<Key>" + key + "</Key><UploadId>" + id + "</UploadId>");
    }

    private HttpMessage putPart(HttpMessage request, Question asked) {
        Upload upload = uploads.get(asked.get("uploadId"));
        if (upload == null) {
            return HttpMessage.error(request, 404, "NoSuchUpload");
        }
        if (!bodyIsAsItsSum(request)) {
            return HttpMessage.error(request, 400, "BadDigest");
        }
        upload.parts().put(Integer.parseInt(asked.get("partNumber")), request.body());
        return HttpMessage.answer(
                200, "ETag: \"" + HexFormat.of().formatHex(md5(request.body())) + "\"\r\n", new byte[0]);
    }

    private HttpMessage complete(HttpMessage request, Question asked) {
        require("*".equals(request.header("If-None-Match")), "an upload ended without a condition", request);
        String id = asked.get("uploadId");
        Upload upload = uploads.get(id);
        if (upload == null) {
            return HttpMessage.error(request, 404, "NoSuchUpload");
        }
        if (objects.containsKey(upload.key()) && !ignoresConditions) {
            return HttpMessage.error(request, 412, "PreconditionFailed");
        }
        int named = new String(request.body(), StandardCharsets.UTF_8).split("<PartNumber>", -1).length - 1;
        if (named != upload.parts().size() || named == 0 || upload.parts().lastKey() != named) {
            return HttpMessage.error(request, 400, "InvalidPart");
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        upload.parts().values().forEach(whole::writeBytes);
        uploads.remove(id);
        created(upload.key(), whole.toByteArray(), upload.metadata());
        return xml("CompleteMultipartUploadResult", "<Key>" + upload.key() + "</Key><ETag>\"" + id + "\"</ETag>");
    }

    private HttpMessage listUploads() {
        StringBuilder xml = new StringBuilder("<IsTruncated>false</IsTruncated>");
        uploads.forEach((id, upload) -> xml.append("<Upload><Key>")
                .append(upload.key())
                .append("</Key><UploadId>")
                .append(id)
                .append("</UploadId><Initiated>")
                .append(upload.begun())
                .append("</Initiated></Upload>"));
        return xml("ListMultipartUploadsResult", xml.toString());
    }

    private HttpMessage delete(HttpMessage request, Question asked) {
        if (!asked.has("uploadId")) {
            objects.remove(asked.key());
        } else if (uploads.remove(asked.get("uploadId")) == null) {
            return HttpMessage.error(request, 404, "NoSuchUpload");
        }
        return HttpMessage.answer(204, "", new byte[0]);
    }

    private static HttpMessage xml(String root, String content) {
        String text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><" + root + ">" + content + "</" + root + ">";
        return HttpMessage.answer(200, "Content-Type: application/xml\r\n", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Its lines, as they came. */
    private static String metadata(HttpMessage request) {
        StringBuilder kept = new StringBuilder();
        for (String line : request.headers().split("\r\n")) {
            kept.append(line.regionMatches(true, 0, "x-amz-meta-", 0, 11) ? line + "\r\n" : "");
        }
        return kept.toString();
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void require(boolean holds, String what, HttpMessage request) {
        if (!holds) {
            throw new AssertionError(what + (request == null ? "" : ": " + request.startLine()));
        }
    }

    /** What stands in a request's target: bucket and key in the path, and parameters. */
    private record Question(String key, Map<String, String> parameters) {
        static Question of(HttpMessage request, boolean byHost) {
            String[] halves = request.target().split("\\?", 2);
            String path = URLDecoder.decode(halves[0], StandardCharsets.UTF_8);
            int slash = byHost ? 0 : path.indexOf('/', 1);
            Map<String, String> parameters = new LinkedHashMap<>();
            List<String> words = new ArrayList<>(halves.length == 1 ? List.of() : List.of(halves[1].split("&")));
            for (String word : words) {
                String[] sides = word.split("=", 2);
                parameters.put(
                        URLDecoder.decode(sides[0], StandardCharsets.UTF_8),
                        sides.length == 1 ? "" : URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
            }
            return new Question(slash < 0 ? "" : path.substring(slash + 1), parameters);
        }

        boolean has(String parameter) {
            return parameters.containsKey(parameter);
        }

        String get(String parameter) {
            return parameters.getOrDefault(parameter, "");
        }
    }
}
