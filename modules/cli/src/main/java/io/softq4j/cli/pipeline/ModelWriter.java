package io.softq4j.cli.pipeline;

import io.softq4j.model.LanguageModel;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.ShardSize;
import io.softq4j.model.weights.Tensor;
import io.softq4j.model.weights.WeightFiles;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.ModelFiles;
import io.softq4j.training.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes what Hugging Face tools load: beside the weights of every checkpoint, and, in the precision and the shards asked for and with a model card,
 * the model at the end.
 *
 * @param endId      ends a response
 * @param configYaml what the model is trained with
 */
record ModelWriter(LanguageModel model, Tokenizer tokenizer, int endId, String configYaml, TrainingConfig training, ModelCard card)
        implements ModelFiles {

    @Override
    public void write(Path directory) throws IOException {
        ModelDirectory.writeFiles(directory, model, tokenizer, endId, configYaml, DType.F32);
    }

    @Override
    public void writeModel(Path directory, List<Tensor> weights) throws IOException {
        DType dtype = training.saveDtype().dtype();
        ModelDirectory.writeFiles(directory, model, tokenizer, endId, configYaml, dtype);
        WeightFiles.writeInto(directory, weights, ShardSize.parse(training.maxShardSize()).bytes(), dtype);
        Files.writeString(directory.resolve("README.md"), card.text());
    }
}
