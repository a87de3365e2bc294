package io.softq4j.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.Output;
import io.softq4j.data.RenderedRecord;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Judgement;
import io.softq4j.evaluation.Sample;
import io.softq4j.evaluation.Scores;
import io.softq4j.generation.Completion;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Samples as JSON Lines, an object each. */
public final class SampleLines {

    /** Together they are in no other file of samples or prompts. */
    private static final List<String> KEYS = List.of("prompt", "text", "tokens", "ended", "entropy");

    /** A file that {@code softq generate} may replace. */
    public static final Output.Earlier EARLIER = new Output.Earlier("a file of samples by softq generate", SampleLines::areIn);

    private SampleLines() {
    }

    /** Whether every line of a file is a sample. */
    static boolean areIn(Path file) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = Json.STRICT.readTree(line);
                if (!row.isObject() || !KEYS.stream().allMatch(row::has)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;    // neither text nor JSON
        }
    }

    /** Samples that were measured. */
    static String of(Drawn drawn) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < drawn.prompts().size(); i++) {
            Judgement judgement = drawn.judgement();
            Item item = judgement.items().get(i);
            for (int s = 0; s < item.samples().size(); s++) {
                Sample sample = item.samples().get(s);
                ObjectNode line = line(drawn.prompts().get(i), s, sample.text(), sample.tokens(), sample.ended(), sample.entropy());
                if (!sample.hasTokens()) {
                    List.of("tokens", "ended", "entropy").forEach(line::putNull);
                }
                line.set("references", Json.STRICT.valueToTree(item.references()));
                line.set("scores", scores(judgement, i, s));
                lines.append(Json.line(withColumns(line, drawn.prompts().get(i)))).append('\n');
            }
        }
        return lines.toString();
    }

    /** Of each metric the value of the sample; of those that samples have none of, the value of the item. */
    private static ObjectNode scores(Judgement judgement, int item, int sample) {
        ObjectNode values = Json.STRICT.createObjectNode();
        for (int m = 0; m < judgement.metrics().size(); m++) {
            Scores scores = judgement.scores().get(m);
            double value = scores.samples().length > 0 ? scores.samples()[item][sample] : scores.items().length > 0 ? scores.items()[item] : Double.NaN;
            if (!Double.isNaN(value)) {
                values.put(judgement.metrics().get(m).name(), value);
            }
        }
        return values;
    }

    /** The continuations of a prompt. @param logprobs whether to write the log-probabilities of their tokens */
    public static String of(RenderedRecord prompt, List<Completion> completions, boolean logprobs) {
        StringBuilder lines = new StringBuilder();
        for (int s = 0; s < completions.size(); s++) {
            Completion completion = completions.get(s);
            ObjectNode line = line(prompt, s, completion.text(), completion.tokens(), completion.ended(), completion.entropy());
            line.put("finish_reason", completion.finishReason().key());
            line.set("token_ids", Json.STRICT.valueToTree(completion.tokenIds()));
            if (logprobs) {
                line.set("logprobs", Json.STRICT.valueToTree(completion.logprobs()));
            }
            lines.append(Json.line(withColumns(line, prompt))).append('\n');
        }
        return lines.toString();
    }

    private static ObjectNode line(RenderedRecord prompt, int sample, String text, int tokens, boolean ended, double entropy) {
        return Json.STRICT.createObjectNode().put("row", prompt.index()).put("sample", sample).put("prompt", prompt.prompt()).put("text", text)
                .put("tokens", tokens).put("ended", ended).put("entropy", entropy);
    }

    /** The columns of the row behind the sample; those whose name the sample has used, in {@code columns}. */
    private static ObjectNode withColumns(ObjectNode line, RenderedRecord prompt) {
        ObjectNode taken = Json.STRICT.createObjectNode();
        Set<String> own = new HashSet<>(Set.of("columns"));
        line.fieldNames().forEachRemaining(own::add);
        prompt.row().properties().forEach(column -> {
            boolean shown = column.getKey().equals("prompt") && column.getValue().asText().equals(prompt.prompt());
            if (!shown) {
                (own.contains(column.getKey()) ? taken : line).set(column.getKey(), column.getValue());
            }
        });
        if (!taken.isEmpty()) {
            line.set("columns", taken);
        }
        return line;
    }
}
