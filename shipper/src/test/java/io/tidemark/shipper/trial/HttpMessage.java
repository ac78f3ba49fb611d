package io.tidemark.shipper.trial;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * One request or answer, whole in memory: start line and headers, and the body as it stood on the wire.
 *
 * @param headers lines, each with CR LF
 */
public record HttpMessage(String startLine, String headers, byte[] body) {
    private static final int HEAD_BYTES_MAX = 64 << 10;

    /**
     * @param interim where to answer "100 Continue" for a request; null when reading an answer
     * @param method of the request, when reading its answer; null when reading a request
     * @return null at the end of the connection
     */
    static HttpMessage read(InputStream in, OutputStream interim, String method) throws IOException {
        String startLine = line(in);
        if (startLine.isEmpty()) {
            return null;
        }
        StringBuilder headers = new StringBuilder();
        long length = 0;
        boolean chunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
                chunked = true;
            } else if (lower.startsWith("expect:") && interim != null) {
                interim.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                interim.flush();
                continue;
            }
            headers.append(header).append("\r\n");
        }
        if (startLine.startsWith("HTTP/1.1 100")) {
            return read(in, interim, method);
        }
        boolean empty = "HEAD".equals(method) || startLine.contains(" 204 ") || startLine.contains(" 304 ");
        byte[] body = empty ? new byte[0] : chunked ? chunks(in) : in.readNBytes(Math.toIntExact(length));
        if (!empty && !chunked && body.length != length) {
            throw new EOFException("body of " + length + " bytes ends after " + body.length);
        }
        return new HttpMessage(startLine, headers.toString(), body);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        while (true) {
            String sizeLine = line(in);
            int size = chunkBytes(sizeLine);
            raw.writeBytes((sizeLine + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            raw.writeBytes(in.readNBytes(size));
            if (size == 0) {
                for (String trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
                    raw.writeBytes((trailer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                }
                raw.writeBytes(new byte[] {'\r', '\n'});
                return raw.toByteArray();
            }
            raw.writeBytes((line(in) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
            if (line.length() > HEAD_BYTES_MAX) {
                throw new IOException("a header line longer than " + HEAD_BYTES_MAX + " bytes");
            }
        }
        return line.toString();
    }

    /** An answer with these headers and a length of its body. */
    public static HttpMessage answer(int status, String headers, byte[] body) {
        return new HttpMessage(
                "HTTP/1.1 " + status + " Said", headers + "Content-Length: " + body.length + "\r\n", body);
    }

    /** An error as S3 writes it; one to a HEAD has no body, so no code either. */
    public static HttpMessage error(HttpMessage request, int status, String code) {
        String text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                + "</Code><Message>said by the test</Message></Error>";
        byte[] body = request.method().equals("HEAD") ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        return answer(status, "Content-Type: application/xml\r\nDate: " + now() + "\r\n", body);
    }

    private static String now() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    }

    public int status() {
        return Integer.parseInt(startLine.split(" ", 3)[1]);
    }

    /** The same with a body that stands in one piece. */
    HttpMessage unchunked() throws IOException {
        String encoding = header("Transfer-Encoding");
        if (encoding == null || !encoding.contains("chunked")) {
            return this;
        }
        InputStream raw = new ByteArrayInputStream(body);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (int size = chunkBytes(line(raw)); size > 0; size = chunkBytes(line(raw))) {
            plain.writeBytes(raw.readNBytes(size));
            line(raw);
        }
        return withBody(plain.toByteArray());
    }

    private static int chunkBytes(String line) {
        return Integer.parseInt(line.split(";", 2)[0].strip(), 16);
    }

    /** The same with another body, and with its length. */
    public HttpMessage withBody(byte[] other) {
        StringBuilder kept = new StringBuilder();
        for (String line : headers.split("\r\n")) {
            boolean tellsLength = line.regionMatches(true, 0, "content-length:", 0, 15)
                    || line.regionMatches(true, 0, "transfer-encoding:", 0, 18);
            kept.append(tellsLength || line.isEmpty() ? "" : line + "\r\n");
        }
        return new HttpMessage(startLine, kept + "Content-Length: " + other.length + "\r\n", other);
    }

    /** The value of a header; null when there is none. */
    public String header(String name) {
        for (String line : headers.split("\r\n")) {
            if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return null;
    }

    /** What stands between method and protocol. */
    public String target() {
        return startLine.split(" ")[1];
    }

    public String method() {
        return startLine.substring(0, startLine.indexOf(' '));
    }

    boolean closes() {
        return headers.toLowerCase(Locale.ROOT).contains("connection: close");
    }

    void writeTo(OutputStream out) throws IOException {
        writeTo(out, body.length);
    }

    /** With so many bytes of the body alone. */
    void writeTo(OutputStream out, int bodyBytes) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(bodyBytes + 1024);
        whole.writeBytes((startLine + "\r\n" + headers + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        whole.write(body, 0, bodyBytes);
        whole.writeTo(out);
        out.flush();
    }
}
