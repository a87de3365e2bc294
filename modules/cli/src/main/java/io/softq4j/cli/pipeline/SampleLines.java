package io.softq4j.cli.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.common.Output;
import io.softq4j.evaluation.PromptSamples;
import io.softq4j.evaluation.Sample;
import io.softq4j.model.generation.Completion;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Samples as JSON Lines, an object each. */
public final class SampleLines {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Together they are in no other file of samples or prompts. */
    private static final List<String> KEYS = List.of("prompt", "text", "tokens", "ended", "entropy");

    /** A file that {@code softq generate} may replace. */
    public static final Output.Earlier EARLIER = new Output.Earlier("file of samples by softq generate", SampleLines::areIn);

    private SampleLines() {
    }

    /** Whether every line of a file is a sample. */
    static boolean areIn(Path file) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = JSON.readTree(line);
                if (!row.isObject() || !KEYS.stream().allMatch(row::has)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;    // neither text nor JSON
        }
    }

    /** prompt, text, tokens, ended, entropy. */
    public static String of(List<PromptSamples> samples) {
        StringBuilder lines = new StringBuilder();
        for (PromptSamples prompt : samples) {
            for (Sample sample : prompt.samples()) {
                lines.append(json(row(prompt.prompt(), sample.text(), sample.tokens(), sample.ended(), sample.entropy()))).append('\n');
            }
        }
        return lines.toString();
    }

    /** The same and finish_reason. @param logprobs whether logprobs, those of the tokens, follow */
    public static String of(String prompt, List<Completion> completions, boolean logprobs) {
        StringBuilder lines = new StringBuilder();
        for (Completion completion : completions) {
            Map<String, Object> row = row(prompt, completion.text(), completion.tokens(), completion.ended(), completion.entropy());
            row.put("finish_reason", completion.finishReason().key());
            if (logprobs) {
                row.put("logprobs", completion.logprobs());
            }
            lines.append(json(row)).append('\n');
        }
        return lines.toString();
    }

    private static Map<String, Object> row(String prompt, String text, int tokens, boolean ended, double entropy) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("prompt", prompt);
        row.put("text", text);
        row.put("tokens", tokens);
        row.put("ended", ended);
        row.put("entropy", entropy);
        return row;
    }

    private static String json(Map<String, Object> row) {
        try {
            return JSON.writeValueAsString(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
