package io.tidemark.jepsen.report;

import java.util.Locale;

/** Writes SVG. Colours and strokes are classes of the page's style sheet, so that they follow the reader's scheme. */
final class Svg {

    private final StringBuilder out = new StringBuilder();

    Svg(int width, int height, String label) {
        out.append(String.format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", width, height, escape(label)));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** One decimal is a tenth of a pixel. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        path(style, "M" + number(x1) + " " + number(y1) + "L" + number(x2) + " " + number(y2));
    }

    void path(String style, CharSequence data) {
        out.append("<path class=\"")
                .append(style)
                .append("\" d=\"")
                .append(data)
                .append("\"/>\n");
    }

    /** A rectangle that says something when pointed at. */
    void area(String style, double x, double y, double width, double height, String title) {
        out.append("<rect class=\"").append(style);
        out.append("\" x=\"").append(number(x)).append("\" y=\"").append(number(y));
        out.append("\" width=\"").append(number(width)).append("\" height=\"").append(number(height));
        out.append("\"><title>").append(escape(title)).append("</title></rect>\n");
    }

    /** @param anchor start, middle or end */
    void text(String style, double x, double y, String anchor, String text) {
        out.append("<text class=\"").append(style).append("\" x=\"").append(number(x));
        out.append("\" y=\"")
                .append(number(y))
                .append("\" text-anchor=\"")
                .append(anchor)
                .append("\">");
        out.append(escape(text)).append("</text>\n");
    }

    String end() {
        return out.append("</svg>\n").toString();
    }
}
