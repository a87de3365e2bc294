package io.softq4j.workflow;

import io.softq4j.model.Adapter;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.ShardSize;
import io.softq4j.model.weights.Tensor;
import io.softq4j.model.weights.WeightFiles;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.run.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of a run's model: a model directory of Hugging Face, or where adapters alone train, one of PEFT. Checkpoints are float32; the model at the
 * end has the precision and the shards asked for, and a model card.
 *
 * @param model      what trains
 * @param kept       what stands beside the weights: of the model the run starts from, as it was
 * @param tokenizer  of the data
 * @param configYaml the run's configuration
 * @param base       the model that adapters are trained on; empty where the model itself trains
 * @param training   precision and shards of the model at the end
 * @param card       of the model at the end
 */
record TrainedFiles(LanguageModel model, KeptFiles kept, Tokenizer tokenizer, String configYaml, Optional<AdapterBase> base,
                    TrainingConfig training, ModelCard card) implements ModelFiles {

    @Override
    public void write(Path directory) throws IOException {
        write(directory, DType.F32);
        if (base.isPresent()) {
            base.get().write(directory);
        }
    }

    private void write(Path directory, DType dtype) throws IOException {
        kept.with(dtype).write(directory);
        tokenizer.save(directory);
        Files.writeString(directory.resolve(ModelDirectory.CONFIG), configYaml);
        if (base.isPresent()) {
            model.writeAdapterConfig(directory, base.get().directory());
        }
    }

    @Override
    public String weights() {
        return base.isPresent() ? Adapter.WEIGHTS : ModelFiles.super.weights();
    }

    @Override
    public String stored(String parameter) {
        return base.isPresent() ? Adapter.PREFIX + parameter : parameter;
    }

    @Override
    public List<Tensor> frozen() {
        return base.isPresent() ? List.of() : model.frozen();
    }

    @Override
    public void writeModel(Path directory, List<Tensor> weights, long step) throws IOException {
        DType dtype = training.saveDtype().dtype();
        write(directory, dtype);
        if (base.isPresent()) {
            Safetensors.write(directory.resolve(weights()), weights, dtype);
        } else {
            WeightFiles.writeInto(directory, weights, ShardSize.parse(training.maxShardSize()).bytes(), dtype);
        }
        Files.writeString(directory.resolve("README.md"), card.text(step));
    }
}
