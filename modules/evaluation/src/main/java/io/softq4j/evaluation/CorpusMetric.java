package io.softq4j.evaluation;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A metric made of a function of the items.
 *
 * @param name      as in reports
 * @param direction which way is better
 * @param needs     what it cannot do without
 * @param signature what there is to know to compute it again
 * @param function  gives the scores
 */
record CorpusMetric(String name, Direction direction, Set<Need> needs, String signature, Function<List<Item>, Scores> function) implements Metric {

    CorpusMetric(String name, Direction direction, Set<Need> needs, Function<List<Item>, Scores> function) {
        this(name, direction, needs, name, function);
    }

    @Override
    public Scores score(List<Item> items) {
        return function.apply(items);
    }
}
