package io.softq4j.training;

import java.io.IOException;
import java.nio.file.Path;

/** Writes what makes a directory with {@code model.safetensors} a Hugging Face model: {@code config.json}, {@code tokenizer.json} and their like. */
@FunctionalInterface
public interface ModelFiles {

    /** Writes the files into an existing {@code directory}. */
    void write(Path directory) throws IOException;
}
