package io.softq4j.model;

import io.softq4j.common.UserError;
import io.softq4j.model.weights.WeightFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output layer of a model as its files have it: where {@code config.json} ties it to the embedding and the files hold one that differs
 * from it, the files are right. Such models are left by trainings that untied the two, and transformers 5 reads them so too.
 */
final class OutputLayer {

    private static final Logger LOG = LoggerFactory.getLogger(OutputLayer.class);
    private static final Set<Path> NAMED = ConcurrentHashMap.newKeySet();

    private OutputLayer() {
    }

    /** The size with an output layer of its own where the weights in {@code directory} have one. */
    static ModelConfig asStored(ModelConfig config, Path directory) {
        if (!config.tieWordEmbeddings() || !WeightFiles.areIn(directory)) {
            return config;
        }
        Family family = Family.of(config);
        try (WeightFiles files = WeightFiles.open(directory)) {
            String embedding = family.stored(family.embedding(), files.names());
            String output = family.stored(family.output(), files.names());
            if (!files.names().containsAll(List.of(output, embedding)) || files.equal(output, embedding)) {
                return config;
            }
        } catch (UserError e) {
            return config; // who reads the weights says it
        }
        if (NAMED.add(directory.toAbsolutePath().normalize())) {
            LOG.warn("{} ties the output layer to the embedding (tie_word_embeddings), but the weights have '{}', which differs from "
                    + "'{}': it is read as an"
                    + " output layer of its own, and saved as one", directory.resolve("config.json"), family.output(), family.embedding());
        }
        return family.untied();
    }
}
