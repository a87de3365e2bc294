package io.softq4j.objective;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A description explains an objective in the words that the model card of a run shows.
 *
 * @param method  its usual name, such as {@code maximum likelihood}
 * @param tags    by which the Hugging Face hub finds it
 * @param rows    what decides it, by name, in this order
 * @param figures what each figure of the card's table is, by its key in {@code metrics.jsonl}, in the order of that file; none: the table has all that
 *                the file has, without a word on them. {@link #NLL}, where it is {@link #NLL_IS}, is told as perplexity too
 * @param loss    what the loss is, in the names of figures, such as {@code nll + lambda td}
 * @param use     what who uses the model has to know, a sentence
 */
public record Description(String method, List<String> tags, Map<String, String> rows, Map<String, String> figures, Optional<String> loss,
                          Optional<String> use) {

    /** The figure that is the mean of -log pi over scored tokens, in nats. */
    public static final String NLL = "nll";
    /** What it is, in words. */
    public static final String NLL_IS = "the mean of -log pi over scored tokens";

    public Description {
        tags = List.copyOf(tags);
        rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    /** A description of which only the name is known. */
    public static Description of(String method) {
        return new Description(method, List.of(), Map.of(), Map.of(), Optional.empty(), Optional.empty());
    }

    /**
     * That of an objective over this one, which adds a part to its loss.
     *
     * @param figure the key of the part
     * @param what   it is
     * @param part   what the loss has of it, such as {@code 0.5 distance}
     */
    public Description and(String figure, String what, String part) {
        Map<String, String> more = new LinkedHashMap<>(figures);
        more.put(figure, what);
        return new Description(method, tags, rows, more, loss.map(sum -> sum + " + " + part), use);
    }
}
