package io.softq4j.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Judgements of the same items as one self-contained page of HTML: the table, histograms, and the samples beside prompt and references, sorted by any
 * metric. It loads nothing, whatever the texts are: they are data of the page, put into it as text, and a policy in its head forbids any request. Items
 * are drawn 25 at a time.
 */
public final class ReportPage {

    private static final String TEMPLATE = "report.html";
    private static final String DATA = "DATA</script>";
    private static final MathContext DIGITS = new MathContext(6);

    private ReportPage() {
    }

    /**
     * The page.
     *
     * @param title      what is judged
     * @param about      lines above the table
     * @param below      lines below it
     * @param names      of the judgements, as the table has them
     * @param judgements at least one, all of the same items; their samples and scores may differ
     * @param where      of each item, such as its file and line
     */
    public static String of(String title, List<String> about, List<String> below, List<String> names, List<Judgement> judgements, List<String> where) {
        ObjectNode data = Json.STRICT.createObjectNode().put("title", title);
        about.forEach(data.putArray("about")::add);
        below.forEach(data.putArray("below")::add);
        ArrayNode items = data.putArray("items");
        List<Item> all = judgements.get(0).items();
        for (int i = 0; i < all.size(); i++) {
            ObjectNode item = items.addObject().put("where", where.get(i)).put("prompt", all.get(i).prompt());
            all.get(i).references().forEach(item.putArray("references")::add);
        }
        ArrayNode sets = data.putArray("sets");
        for (int i = 0; i < judgements.size(); i++) {
            set(sets.addObject().put("name", names.get(i)), judgements.get(i));
        }
        String template = template();
        int at = template.indexOf(DATA);
        // no text may end the element that it stands in
        return template.substring(0, at) + Json.line(data).replace("<", "\\u003c") + template.substring(at + "DATA".length());
    }

    private static void set(ObjectNode set, Judgement judgement) {
        ArrayNode samples = set.putArray("samples");
        judgement.items().forEach(item -> {
            ArrayNode texts = samples.addArray();
            item.texts().forEach(texts::add);
        });
        ArrayNode metrics = set.putArray("metrics");
        judgement.report().metrics().forEach(metric -> metrics.addObject().put("name", metric.name()).put("value", metric.value()).put("low", metric.low())
                .put("high", metric.high()).put("direction", metric.direction().name()).put("references", metric.references()));
        ArrayNode perSample = set.putArray("perSample");
        ArrayNode scores = set.putArray("scores");
        for (Scores of : judgement.scores()) {
            perSample.add(of.samples().length > 0);
            ArrayNode values = scores.addArray();
            for (double[] sample : of.samples()) {
                add(values.addArray(), sample);
            }
            for (int i = 0; of.samples().length == 0 && i < of.items().length; i++) {
                add(values.addArray(), of.items()[i]);
            }
        }
    }

    private static void add(ArrayNode into, double... values) {
        for (double value : values) {
            if (Double.isFinite(value)) {
                into.add(new BigDecimal(value).round(DIGITS).doubleValue());
            } else {
                into.addNull();
            }
        }
    }

    private static String template() {
        try (InputStream in = ReportPage.class.getResourceAsStream(TEMPLATE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
