package io.softq4j.data;

import io.softq4j.common.Drafts;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.OnlyIf;
import io.softq4j.common.Range;
import io.softq4j.common.UserError;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which rows of a corpus are used, and what is done to their columns before they are rendered.
 *
 * <p>Each component is a key of the section {@code filter} within {@code data}; its {@link Key} says what it means.
 */
public record FilterConfig(
        @Key(value = "classes of your own that implement DataVec's `Transform`, run in this order on the columns",
                allowed = "class names; `SOFTQ_PLUGINS` names their jars")
        List<String> transforms,
        @Key(value = "column to regular expression: rows in which it is found nowhere are left out", allowed = "Java's regular expressions")
        Map<String, String> keepMatching,
        @Key(value = "column to regular expression: rows in which it is found are left out", allowed = "Java's regular expressions")
        Map<String, String> dropMatching,
        @Key("leave out rows whose text came before, to the letter or nearly (MinHash)")
        Dedupe dedupe,
        @Key("for near: Jaccard's index of the runs of five words from which on a row is left out")
        @Range(above = 0, atMost = 1)
        @OnlyIf(key = "dedupe", is = "near")
        double dedupeThreshold,
        @Key(value = "an evaluation corpus: training rows that share a run of words with it are left out", allowed = "as `train`")
        List<String> decontaminate,
        @Key("words in such a run")
        @Range(atLeast = 1)
        int decontaminateNgram,
        @Key(value = "shorter examples, in tokens, are left out", allowed = "at most `max_length` of the section")
        @Range(atLeast = 0)
        int minLength) {

    private static final Keys KEYS = Keys.of(FilterConfig.class);

    public FilterConfig {
        transforms = List.copyOf(transforms);
        decontaminate = List.copyOf(decontaminate);
        KEYS.check("dedupe", dedupe);
        KEYS.check("dedupe_threshold", dedupeThreshold);
        KEYS.check("decontaminate_ngram", decontaminateNgram);
        KEYS.check("min_length", minLength);
        patterns("keep_matching", keepMatching);
        patterns("drop_matching", dropMatching);
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft transforms(List<String> value);

        Draft keepMatching(Map<String, String> value);

        Draft dropMatching(Map<String, String> value);

        Draft dedupe(Dedupe value);

        Draft dedupeThreshold(double value);

        Draft decontaminate(List<String> value);

        Draft decontaminateNgram(int value);

        Draft minLength(int value);
    }

    /** All rows, as they are. */
    public static FilterConfig defaults() {
        return Drafts.make(FilterConfig.class, Draft.class, c -> c.transforms(List.of()).keepMatching(Map.of()).dropMatching(Map.of())
                .dedupe(Dedupe.NONE).dedupeThreshold(0.8).decontaminate(List.of()).decontaminateNgram(13).minLength(0));
    }

    /** This configuration with what {@code change} sets. */
    public FilterConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    private static void patterns(String key, Map<String, String> byColumn) {
        byColumn.forEach((column, regex) -> {
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new UserError(key + "." + column + " is no regular expression: " + e.getDescription() + " at character " + (e.getIndex() + 1)
                        + " of \"" + regex + "\"", e);
            }
        });
    }
}
