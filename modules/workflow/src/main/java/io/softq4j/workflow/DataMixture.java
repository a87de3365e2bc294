package io.softq4j.workflow;

import io.softq4j.common.StoppingStrategy;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.tokens.store.Manifest;
import io.softq4j.training.rows.Interleaved;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several prepared directories as the data of one run: what they must have in common, and what the run's configuration says of them. */
final class DataMixture {

    private static final Logger LOG = LoggerFactory.getLogger(DataMixture.class);
    private static final int SHOWN = 12;

    private DataMixture() {
    }

    /**
     * Opens them as one. Sections data and tokenizer are those of the first, which also says how prompts are rendered when the model is used;
     * {@code data.train} names the corpora of all, and {@code data.stopping_strategy} is the run's own.
     *
     * @throws UserError if they have other tokenizers or end tokens, one is given twice, or a weight is not above 0
     */
    static PreparedData open(List<StorePath> paths, ConfigFile own) {
        List<PreparedData.Part> parts = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        for (StorePath path : paths) {
            if (!seen.add(path.directory().toAbsolutePath().normalize())) {
                throw new UserError("--data " + path.directory() + " is given twice. Give it once, with the sum of its weights.");
            }
            PreparedData data = PreparedData.open(path.directory());
            parts.add(new PreparedData.Part(data, new Interleaved.Store(name(path.directory(), paths), path.weight(), data.trainingData().train())));
        }
        parts.forEach(part -> requireAlike(parts.get(0).data(), part.data()));
        PreparedData first = parts.get(0).data();
        DataConfig data = first.config().section(DataConfig.class);
        List<String> corpora = parts.stream().flatMap(part -> part.data().config().section(DataConfig.class).train().stream()).toList();
        StoppingStrategy end = own.section(DataConfig.class).stoppingStrategy();
        parts.stream().map(PreparedData.Part::data).filter(part -> !rendering(part).equals(rendering(first))).findFirst().ifPresent(other -> LOG.info(
                "{} and {} were rendered in different ways; generate, chat and evaluate will render prompts as in {}, the first", first.directory(),
                other.directory(), first.directory()));
        return new PreparedData(first.directory(), first.train(), first.validation(),
                first.config().with(data.with(d -> d.train(corpora).mixingWeights(List.of()).stoppingStrategy(end))), parts);
    }

    /** As few of the last names of its path as tell it from the others. */
    private static String name(Path directory, List<StorePath> all) {
        Path whole = directory.toAbsolutePath().normalize();
        for (int n = 1; n < whole.getNameCount(); n++) {
            Path end = whole.subpath(whole.getNameCount() - n, whole.getNameCount());
            if (all.stream().filter(other -> other.directory().toAbsolutePath().normalize().endsWith(end)).count() == 1) {
                return end.toString();
            }
        }
        return whole.toString();
    }

    private static void requireAlike(PreparedData first, PreparedData other) {
        Manifest one = first.train().manifest();
        Manifest two = other.train().manifest();
        if (!one.tokenizerSha256().equals(two.tokenizerSha256())) {
            throw new UserError("the data in " + first.directory() + " and in " + other.directory() + " have different tokenizers (sha256 of tokenizer.json: "
                    + one.tokenizerSha256().substring(0, SHOWN) + "..., " + two.tokenizerSha256().substring(0, SHOWN) + "...), so their ids mean "
                    + "different texts. Prepare one of them again with the other's: softq prepare --set tokenizer.type=file --set tokenizer.file="
                    + first.directory().resolve("train").resolve("tokenizer.json"));
        }
        if (one.eosId() != two.eosId()) {
            throw new UserError("responses in " + first.directory() + " end with the token " + shown(first) + ", those in " + other.directory() + " with "
                    + shown(other) + "; a model learns to stop at one. Likely cause: one holds conversations, whose chat template has an end of its own. "
                    + "Prepare both as conversations (data.apply_chat_template=true and the same data.chat_template).");
        }
    }

    private static String shown(PreparedData data) {
        int id = data.train().manifest().eosId();
        return id + " (" + data.tokenizer().tokenText(id) + ")";
    }

    private static List<Object> rendering(PreparedData data) {
        DataConfig config = data.config().section(DataConfig.class);
        return Stream.of(config.effectiveShape(), config.columns(), config.prompt(), config.response(), config.system(), config.applyChatTemplate(),
                config.chatTemplate()).map(value -> (Object) Optional.ofNullable(value)).toList();
    }
}
