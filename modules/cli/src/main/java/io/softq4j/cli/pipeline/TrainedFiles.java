package io.softq4j.cli.pipeline;

import io.softq4j.model.Adapter;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.weights.Tensor;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.ModelFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of a run's model: a model directory of Hugging Face, or where adapters alone train, one of PEFT.
 *
 * @param model      what trains
 * @param tokenizer  of the data
 * @param endId      ends a response
 * @param configYaml the run's configuration
 * @param base       directory of the model that adapters are trained on; empty where the model itself trains
 */
record TrainedFiles(LanguageModel model, Tokenizer tokenizer, int endId, String configYaml, Optional<Path> base) implements ModelFiles {

    @Override
    public void write(Path directory) throws IOException {
        if (base.isPresent()) {
            model.writeAdapterConfig(directory, base.get());
            ModelDirectory.writeFilesBesideConfig(directory, tokenizer, endId, configYaml);
        } else {
            ModelDirectory.writeFiles(directory, model, tokenizer, endId, configYaml);
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
}
