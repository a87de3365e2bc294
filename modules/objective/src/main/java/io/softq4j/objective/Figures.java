package io.softq4j.objective;

import io.softq4j.objective.Figure.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Figures are the named sums, with their denominators, that a batch adds to the loss and to the metrics, in the order in which they are
 * shown. The loss is the sum of weight x mean over the terms.
 *
 * @param all each name once
 */
public record Figures(List<Figure> all) {

    private static final String LOSS = "loss";
    /** Keys that each line of {@code metrics.jsonl} has of its own. */
    private static final Set<String> TAKEN = Set.of(LOSS, "step", "epoch", "grad_norm", "learning_rate", "tokens", "tokens_per_second", "elapsed", "runtime",
            "samples_per_second");

    /** Nothing yet; to this the first batch is added. */
    public static final Figures NONE = new Figures(List.of());

    public Figures {
        all = List.copyOf(all);
        List<String> names = all.stream().map(Figure::name).toList();
        if (names.stream().anyMatch(TAKEN::contains) || names.size() != names.stream().distinct().count()) {
            throw new IllegalArgumentException("each figure needs a name of its own; 'loss' is their sum, and " + String.join(", ", TAKEN.stream()
                    .filter(name -> !name.equals(LOSS)).sorted().toList()) + " are keys of metrics.jsonl already; names: " + String.join(", ", names));
        }
    }

    /** And a part of the loss. */
    public Figures term(String name, double sum, long count, double weight) {
        return and(new Figure(name, Role.TERM, sum, count, weight));
    }

    /** And something else that is worth knowing. */
    public Figures record(String name, double sum, long count) {
        return and(new Figure(name, Role.RECORD, sum, count, 0));
    }

    /** And a number that the loss depends on in this step. */
    public Figures setting(String name, double value) {
        return and(new Figure(name, Role.SETTING, value, 1, 0));
    }

    /** And this. */
    public Figures and(Figure figure) {
        List<Figure> more = new ArrayList<>(all);
        more.add(figure);
        return new Figures(more);
    }

    /**
     * Of both batches together.
     *
     * @throws IllegalArgumentException if they differ in names or weights
     */
    public Figures plus(Figures other) {
        if (all.isEmpty()) {
            return other;
        }
        if (all.size() != other.all.size()) {
            throw new IllegalArgumentException("the figures of two batches of one step differ: " + this + " and " + other);
        }
        List<Figure> sums = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            sums.add(all.get(i).plus(other.all.get(i)));
        }
        return new Figures(sums);
    }

    /** Sum of weight x mean over the parts of the loss. */
    public double loss() {
        double loss = 0;
        for (Figure figure : all) {
            if (figure.role() == Role.TERM || figure.role() == Role.EXTRA) {
                loss += figure.weight() * figure.value();
            }
        }
        return loss;
    }

    /**
     * The mean or setting of this name.
     *
     * @throws IllegalArgumentException if there is none, with the names that there are
     */
    public double value(String name) {
        return all.stream().filter(figure -> figure.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException("no figure is called '"
                + name + "'; names: " + all.stream().map(Figure::name).collect(Collectors.joining(", ")))).value();
    }

    /** Those of one role, in their order. */
    public List<Figure> of(Role role) {
        return all.stream().filter(figure -> figure.role() == role).toList();
    }

    /** The loss and every figure but the extra ones by key; settings are not means and keep their name. */
    public Map<String, Double> keys(String prefix) {
        Map<String, Double> keys = new LinkedHashMap<>();
        keys.put(prefix + LOSS, loss());
        for (Figure figure : all) {
            if (figure.role() != Role.EXTRA) {
                keys.put((figure.role() == Role.SETTING ? "" : prefix) + figure.name(), figure.value());
            }
        }
        return keys;
    }

    /** The extra parts of the loss by key, without those that are 0. */
    public Map<String, Double> extraKeys(String prefix) {
        Map<String, Double> keys = new LinkedHashMap<>();
        of(Role.EXTRA).stream().filter(figure -> figure.value() != 0).forEach(figure -> keys.put(prefix + figure.name(), figure.value()));
        return keys;
    }

    /** Those of one role as text, such as {@code nll 1.0000, td 5.0000}. */
    public String text(Role role) {
        return of(role).stream().map(figure -> String.format(Locale.ROOT, role == Role.SETTING ? "%s %.3g" : "%s %.4f", figure.name(), figure.value()))
                .collect(Collectors.joining(", "));
    }
}
