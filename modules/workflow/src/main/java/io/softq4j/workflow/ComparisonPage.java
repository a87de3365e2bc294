package io.softq4j.workflow;

import io.softq4j.evaluation.PairedDifference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A comparison as one HTML file without scripts: nothing is loaded from elsewhere, and all that is not ours is escaped. */
final class ComparisonPage {

    private static final String MARK = "<meta name=\"generator\" content=\"softq compare\">";

    /** Of a picture, in its own units. */
    private static final int WIDTH = 520;
    private static final int HEIGHT = 240;
    private static final int LEFT = 62;
    private static final int BOTTOM = 30;
    private static final int TOP = 12;
    private static final int RIGHT = 14;

    /** Lines are told apart by these as well as by colour. */
    private static final List<String> DASHES = List.of("", "8 5", "2 4", "12 4 2 4", "5 2", "1 3", "14 6", "6 2 2 2");

    private static final String STYLE = """
            :root { color-scheme: light dark; --text: #1d1d1f; --back: #ffffff; --soft: #5c5c66; --rule: #d9d9de; --good: #0b6e4f; --bad: #a8321f;
              --c0: #333333; --c1: #0072b2; --c2: #d55e00; --c3: #009e73; --c4: #a8558a; --c5: #b07c00; --c6: #3c8fc4; --c7: #7a5195; }
            @media (prefers-color-scheme: dark) { :root { --text: #e8e8ea; --back: #17181b; --soft: #a3a3ad; --rule: #3a3b40; --good: #5fd3a6;
              --bad: #ff8f7a; --c0: #d8d8d8; --c1: #56b4e9; --c2: #ff9e4a; --c3: #4fd1a5; --c4: #e29fc9; --c5: #f0c04f; --c6: #8cc8ef; --c7: #c3a1e0; } }
            body { font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 1180px; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
            table { border-collapse: collapse; } th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--rule);
              vertical-align: top; } th { color: var(--soft); font-weight: 600; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            .soft { color: var(--soft); } .better { color: var(--good); } .worse { color: var(--bad); } .wide { overflow-x: auto; }
            .curves { display: flex; flex-wrap: wrap; gap: 1rem; } figure { margin: 0; } figcaption { color: var(--soft); } svg { width: 520px; max-width: 100%; }
            .item { border-top: 1px solid var(--rule); padding: .8rem 0; } .sides { display: grid; gap: 1rem;
              grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); }
            pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .2rem 0; } .key { font-weight: 600; }
            .sample { border-left: 3px solid var(--rule); padding-left: .6rem; }
            """;

    private final ComparisonResult result;
    private final StringBuilder html = new StringBuilder();

    private ComparisonPage(ComparisonResult result) {
        this.result = result;
    }

    /** Whether a file is such a page. */
    static boolean isOne(Path file) {
        try {
            return Files.readString(file).contains(MARK);
        } catch (IOException e) {
            return false;
        }
    }

    static String of(ComparisonResult result) {
        return new ComparisonPage(result).page();
    }

    private String page() {
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n").append(MARK)
                .append("\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>softq compare</title>\n<style>\n")
                .append(STYLE).append("</style>\n</head>\n<body>\n<h1>Comparison</h1>\n<ul>\n");
        result.remarks().forEach(remark -> html.append("<li>").append(escaped(remark)).append("</li>\n"));
        html.append("</ul>\n<h2>Metrics</h2>\n<div class=\"wide\"><table>\n<tr><th>metric</th><th>side</th><th class=\"n\">value</th><th class=\"n\">difference to ")
                .append(escaped(result.sides().get(0).name())).append("</th><th class=\"n\">better / equal / worse</th><th></th></tr>\n");
        result.metrics().forEach(this::metric);
        html.append("</table></div>\n");
        settings();
        curves();
        items();
        return html.append("</body>\n</html>\n").toString();
    }

    private void metric(ComparisonResult.Row row) {
        for (int s = 0; s < result.sides().size(); s++) {
            PairedDifference difference = s == 0 ? null : row.differences().get(s - 1);
            String verdict = ComparisonResult.verdict(difference);
            html.append("<tr><td").append(s == 0 ? " class=\"key\" title=\"" + escaped(row.signature()) + "\">"
                    + escaped(row.metric()) : ">").append("</td><td>")
                    .append(escaped(result.sides().get(s).name())).append("</td>")
                    .append(cell(ComparisonResult.number(row.results().get(s).value())))
                    .append(cell(ComparisonResult.difference(difference))).append(cell(ComparisonResult.counts(difference)))
                    .append("<td class=\"")
                    .append(verdict.equals("better") || verdict.equals("worse") ? verdict : "soft").append("\">")
                    .append(escaped(verdict)).append("</td></tr>\n");
        }
    }

    private static String cell(String text) {
        return "<td class=\"n\">" + escaped(text) + "</td>";
    }

    private void settings() {
        if (result.settings().isEmpty()) {
            return;
        }
        html.append("<h2>Configurations, where they differ</h2>\n<div class=\"wide\"><table>\n<tr><th>key</th>");
        result.sides().forEach(side -> html.append("<th>").append(escaped(side.name())).append("</th>"));
        html.append("</tr>\n");
        for (ComparisonResult.Setting setting : result.settings()) {
            html.append("<tr><td>").append(escaped(setting.key())).append("</td>");
            setting.values().forEach(value -> html.append("<td>").append(value == null
                    ? "<span class=\"soft\">not known</span>" : escaped(value)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</table></div>\n");
    }

    private void curves() {
        Map<String, List<ComparisonResult.Curve>> byKey = new LinkedHashMap<>();
        result.curves().forEach(curve -> byKey.computeIfAbsent(curve.key(), key -> new ArrayList<>()).add(curve));
        byKey.values().removeIf(curves -> curves.stream().allMatch(curve -> curve.points().size() < 2));
        if (byKey.isEmpty()) {
            return;
        }
        html.append("<h2>Learning curves</h2>\n<p class=\"soft\">By the step, as metrics.jsonl of each run has them: ");
        result.sides().forEach(side -> html.append("<svg style=\"width:34px;height:12px\" viewBox=\"0 0 34 12\"><path d=\"M0 6H34\" ")
                .append(stroke(side.name()))
                .append("/></svg> ").append(escaped(side.name())).append(" &nbsp; "));
        html.append("</p>\n<div class=\"curves\">\n");
        new TreeMap<>(byKey).forEach(this::picture);
        html.append("</div>\n");
    }

    private String stroke(String side) {
        int i = result.sides().stream().map(ComparisonResult.Side::name).toList().indexOf(side);
        return "fill=\"none\" stroke=\"var(--c" + i + ")\" stroke-width=\"2\" stroke-dasharray=\"" + DASHES.get(i) + "\"";
    }

    private void picture(String key, List<ComparisonResult.Curve> curves) {
        var steps = curves.stream().flatMap(curve -> curve.points().stream()).mapToDouble(point -> point[0]).summaryStatistics();
        var values = curves.stream().flatMap(curve -> curve.points().stream()).mapToDouble(point -> point[1]).summaryStatistics();
        double wide = Math.max(steps.getMax() - steps.getMin(), 1e-9);
        double high = Math.max(values.getMax() - values.getMin(), 1e-9);
        html.append("<figure><svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT).append("\" role=\"img\" aria-label=\"")
                .append(escaped(key))
                .append("\">\n");
        for (int i = 0; i <= 2; i++) {
            double y = TOP + (HEIGHT - TOP - BOTTOM) * i / 2.0;
            html.append(format("<path d=\"M%d %.1fH%d\" stroke=\"var(--rule)\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" font-size=\"12\" "
                    + "fill=\"var(--soft)\">%.4g</text>", LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 4, values.getMax() - high * i / 2.0));
        }
        html.append(format("<text x=\"%d\" y=\"%d\" font-size=\"12\" fill=\"var(--soft)\">%.0f</text><text x=\"%d\" y=\"%d\" font-size=\"12\" "
                + "text-anchor=\"end\" fill=\"var(--soft)\">step %.0f</text>\n", LEFT, HEIGHT - 8, steps.getMin(), WIDTH - RIGHT,
                HEIGHT - 8, steps.getMax()));
        for (ComparisonResult.Curve curve : curves) {
            StringBuilder path = new StringBuilder();
            for (double[] point : curve.points()) {
                path.append(format("%s%.1f %.1f", path.isEmpty() ? "M" : "L", LEFT
                        + (WIDTH - LEFT - RIGHT) * (point[0] - steps.getMin()) / wide,
                        TOP + (HEIGHT - TOP - BOTTOM) * (values.getMax() - point[1]) / high));
            }
            html.append("<path d=\"").append(path).append("\" ").append(stroke(curve.side())).append("/>\n");
        }
        html.append("</svg><figcaption>").append(escaped(key)).append("</figcaption></figure>\n");
    }

    private void items() {
        html.append("<h2>Side by side</h2>\n<p class=\"soft\">").append(result.items().size()).append(" of ").append(result.prompts())
                .append(" prompts, those first on which the sides differ most by the first metric that has values of items.</p>\n");
        for (ComparisonResult.ItemRow item : result.items()) {
            html.append("<div class=\"item\"><pre class=\"key\">").append(escaped(item.prompt())).append("</pre>\n");
            if (!item.references().isEmpty()) {
                html.append("<details><summary class=\"soft\">").append(item.references().size())
                        .append(item.references().size() == 1 ? " reference" : " references")
                        .append("</summary>");
                item.references().forEach(text -> html.append("<pre class=\"sample\">").append(escaped(text)).append("</pre>"));
                html.append("</details>\n");
            }
            html.append("<div class=\"sides\">");
            for (int s = 0; s < result.sides().size(); s++) {
                html.append("<div><span class=\"soft\">").append(escaped(result.sides().get(s).name()));
                if (item.values() != null) {
                    html.append(" &middot; ").append(ComparisonResult.number(item.values().get(s)));
                }
                html.append("</span>");
                item.samples().get(s).forEach(text -> html.append("<pre class=\"sample\">").append(escaped(text)).append("</pre>"));
                html.append("</div>");
            }
            html.append("</div></div>\n");
        }
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** Text inside an element or a quoted attribute. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    boolean control = c < ' ' && c != '\n' && c != '\t' || c >= 0xD800 && c <= 0xDFFF;
                    escaped.appendCodePoint(control ? 0xFFFD : c);
                }
            }
        });
        return escaped.toString();
    }
}
