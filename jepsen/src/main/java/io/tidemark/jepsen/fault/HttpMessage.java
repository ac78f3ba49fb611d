package io.tidemark.jepsen.fault;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One HTTP/1.1 request or answer as it stands on the wire. Bodies are framed by Content-Length or chunks, or, of an answer,
 * by the end of the connection; they are kept in memory whole (objects of this store are some MiB).
 * The head is the first line and the headers, without line ends; the body's bytes are still chunked if they came so.
 */
final class HttpMessage {

    private static final int HEAD_BYTES_MAX = 64 * 1024;

    private final List<String> head;
    private final byte[] body;

    HttpMessage(List<String> head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    List<String> head() {
        return head;
    }

    /** Reads the head of a message; null if the connection ended before its first byte. */
    static List<String> readHead(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        int total = 0;
        while (true) {
            String line = readLine(in, lines.isEmpty());
            if (line == null) {
                return null;
            }
            if (line.isEmpty()) {
                return lines;
            }
            total += line.length();
            if (total > HEAD_BYTES_MAX) {
                throw new IOException("an HTTP head of more than " + HEAD_BYTES_MAX + " bytes");
            }
            lines.add(line);
        }
    }

    private static String readLine(InputStream in, boolean first) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (first && line.size() == 0) {
                    return null;
                }
                throw new EOFException("the connection ended within an HTTP head");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** The value of a header, or null; names are compared without case. */
    static String header(List<String> head, String name) {
        for (String line : head) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).trim().equalsIgnoreCase(name)) {
                return line.substring(colon + 1).trim();
            }
        }
        return null;
    }

    /** Reads the body that belongs to the head of a request. */
    static byte[] readRequestBody(List<String> head, InputStream in) throws IOException {
        if (chunked(head)) {
            return readChunks(in);
        }
        String length = header(head, "Content-Length");
        return length == null ? new byte[0] : readFully(in, Integer.parseInt(length));
    }

    /** Reads the body that belongs to the head of the answer to a request with this method. */
    static byte[] readAnswerBody(String method, List<String> head, InputStream in) throws IOException {
        int status = status(head);
        if (method.equals("HEAD") || status == 204 || status == 304) {
            return new byte[0];
        }
        if (chunked(head) || header(head, "Content-Length") != null) {
            return readRequestBody(head, in);
        }
        return in.readAllBytes();
    }

    /** The status code of an answer. */
    static int status(List<String> head) {
        return Integer.parseInt(head.get(0).substring(9, 12));
    }

    private static boolean chunked(List<String> head) {
        String encoding = header(head, "Transfer-Encoding");
        return encoding != null && encoding.toLowerCase(Locale.ROOT).contains("chunked");
    }

    private static byte[] readChunks(InputStream in) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        while (true) {
            String size = line(in, raw);
            int length = Integer.parseInt(size.split(";", 2)[0].trim(), 16);
            if (length == 0) {
                while (!line(in, raw).isEmpty()) {
                    // trailers, kept as they are
                }
                return raw.toByteArray();
            }
            raw.write(readFully(in, length));
            line(in, raw);
        }
    }

    private static String line(InputStream in, ByteArrayOutputStream raw) throws IOException {
        String line = readLine(in, false);
        raw.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return line;
    }

    private static byte[] readFully(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a body of " + length + " bytes ended after " + bytes.length);
        }
        return bytes;
    }

    /** The message as bytes, with some headers left out and one line added. */
    byte[] encode(List<String> leaveOut, String addedLine) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder text = new StringBuilder();
        for (String line : head) {
            String name = line.substring(0, Math.max(0, line.indexOf(':'))).trim();
            if (leaveOut.stream().noneMatch(name::equalsIgnoreCase)) {
                text.append(line).append("\r\n");
            }
        }
        text.append(addedLine).append("\r\n\r\n");
        out.writeBytes(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }
}
