package io.softq4j.evaluation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * A point of the grid of samplers: what differs between two ways of sampling one model. The names are those of Hugging Face's generation.
 *
 * <p>The natural order has all temperatures of one {@code top_k}, {@code top_p} and {@code min_p} beside each other.
 *
 * @param temperature the logits are divided by it; 0 is greedy
 * @param topK        only the k likeliest tokens are drawn from; 0 is all
 * @param topP        only the likeliest tokens that together reach this probability are drawn from; 1 is all
 * @param minP        only tokens with at least this share of the likeliest one's probability are drawn from; 0 is all
 */
public record SamplerPoint(double temperature, int topK, double topP, double minP) implements Comparable<SamplerPoint> {

    private static final Comparator<SamplerPoint> ORDER = Comparator.comparingInt(SamplerPoint::topK).thenComparingDouble(SamplerPoint::topP)
            .thenComparingDouble(SamplerPoint::minP).thenComparingDouble(SamplerPoint::temperature);

    /** Those of settings. */
    public static SamplerPoint of(SamplerSettings settings) {
        return new SamplerPoint(settings.temperature(), settings.topK(), settings.topP(), settings.minP());
    }

    /** The model's own distribution at a temperature. */
    public static SamplerPoint at(double temperature) {
        return new SamplerPoint(temperature, 0, 1, 0);
    }

    /** Whether the two differ in temperature at most, so that points between them are samplers too. */
    boolean isOnLineOf(SamplerPoint other) {
        return topK == other.topK && Double.compare(topP, other.topP) == 0 && Double.compare(minP, other.minP) == 0;
    }

    /** What tells it from others: its temperature, and what else is not the same for all of them: {@code T=0.7 top_p=0.9}. */
    public String name(Collection<SamplerPoint> all) {
        return "T=" + String.join(" ", parts(all));
    }

    /** The same as part of a file's name: {@code 0.7-top_p=0.9}. */
    public String fileName(Collection<SamplerPoint> all) {
        return String.join("-", parts(all));
    }

    private List<String> parts(Collection<SamplerPoint> all) {
        List<String> parts = new ArrayList<>(List.of(Double.toString(temperature)));
        add(parts, all, "top_k", SamplerPoint::topK);
        add(parts, all, "top_p", SamplerPoint::topP);
        add(parts, all, "min_p", SamplerPoint::minP);
        return parts;
    }

    private void add(List<String> parts, Collection<SamplerPoint> all, String key, Function<SamplerPoint, Object> value) {
        if (all.stream().map(value).distinct().count() > 1) {
            parts.add(key + "=" + value.apply(this));
        }
    }

    @Override
    public int compareTo(SamplerPoint other) {
        return ORDER.compare(this, other);
    }
}
