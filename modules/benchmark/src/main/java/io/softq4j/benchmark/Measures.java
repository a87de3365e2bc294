package io.softq4j.benchmark;

import io.softq4j.common.UserError;
import java.util.List;

/** All measures, in the order in which they run. */
final class Measures {

    private static final ModelShape SMALL = ModelShape.SMALL;

    static final List<Measure> ALL = List.of(
            new AgainstPyTorch("small", SMALL, 2.0),
            new AgainstPyTorch("gpt2", ModelShape.GPT2, 1.5),
            new SoftQOverhead(SMALL),
            new Growth("growth-length", SMALL, SMALL.withBatch(2, 1024)),
            new Growth("growth-vocabulary", SMALL, SMALL.withVocabulary(ModelShape.GPT2.vocabulary())),
            new Decode(SMALL.withBatch(Prompts.ROWS, Prompts.LENGTH + Prompts.NEW_TOKENS)),
            new NativeMemory());

    private Measures() {
    }

    /**
     * Those of these names, in their own order; all where there is no name.
     *
     * @throws UserError if a name is none
     */
    static List<Measure> named(List<String> names) {
        List<String> known = ALL.stream().map(Measure::name).toList();
        names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw new UserError("--measure " + name + " is unknown; there are " + String.join(", ", known));
        });
        return ALL.stream().filter(measure -> names.isEmpty() || names.contains(measure.name())).toList();
    }
}
