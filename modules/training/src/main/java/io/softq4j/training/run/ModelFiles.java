package io.softq4j.training.run;

import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.Tensor;
import io.softq4j.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a directory with the trained tensors holds and how it calls them: a Hugging Face model with {@code config.json}, {@code tokenizer.json} and
 * their like, or an adapter as PEFT saves it.
 */
@FunctionalInterface
public interface ModelFiles {

    /** Writes the files beside the weights into an existing {@code directory}. */
    void write(Path directory) throws IOException;

    /** Name of the file with the weights. */
    default String weights() {
        return "model.safetensors";
    }

    /** What a parameter is called in that file. */
    default String stored(String parameter) {
        return parameter;
    }

    /** What that file holds beside the parameters that train, as live memory. */
    default List<Tensor> frozen() {
        return List.of();
    }

    /**
     * Writes the finished model into an empty {@code directory}, weights and files: here float32 in one file.
     *
     * @param step updates after which the model was as it is: the last, or those of the best evaluation
     */
    default void writeModel(Path directory, List<Tensor> weights, long step) throws IOException {
        write(directory);
        WeightFiles.writeInto(directory, weights, Long.MAX_VALUE, DType.F32);
    }
}
