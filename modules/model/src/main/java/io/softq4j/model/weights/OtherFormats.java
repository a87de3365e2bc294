package io.softq4j.model.weights;

import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Directories that hold a model in another form than this program reads: what they hold, and how it is converted. */
public final class OtherFormats {

    private static final int SHOWN = 5;

    private OtherFormats() {
    }

    /** What the directory holds instead of weights that can be read, and the next step; empty where it holds nothing of the kind. */
    public static Optional<String> advice(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        Set<String> names = list(directory);
        Set<String> pickles = matching(names, "pytorch_model.*\\.bin");
        Set<String> gguf = matching(names, ".*\\.gguf");
        Set<String> others = matching(names, ".*\\.(safetensors|bin|pt|pth|ckpt|h5|msgpack|onnx)");
        if (names.contains("adapter_config.json")) {
            return Optional.of("It holds LoRA adapters alone (adapter_config.json) of the base model " + baseModel(directory)
                    + ". softq generate, chat, evaluate and export read them as they are; what needs a whole model wants them merged: "
                    + "softq merge "
                    + directory + " --out OUT.");
        }
        if (!pickles.isEmpty()) {
            return Optional.of("It has its weights as " + some(pickles) + ", PyTorch's pickle format, which can run code when it is "
                    + "read; read"
                    + " are " + WeightFiles.SINGLE + " and " + WeightFiles.INDEX + ". Convert it where you trust its origin, in "
                    + "Python: from"
                    + " transformers import AutoModelForCausalLM; AutoModelForCausalLM.from_pretrained(\"" + directory
                    + "\").save_pretrained(\"" + directory
                    + "\").");
        }
        if (!gguf.isEmpty()) {
            return Optional.of("It has its weights as " + some(gguf) + ", the format of llama.cpp, mostly quantised. Take the model it "
                    + "was made"
                    + " from, or convert it, in Python: from transformers import AutoModelForCausalLM; "
                    + "AutoModelForCausalLM.from_pretrained(\""
                    + directory + "\", gguf_file=\"" + gguf.iterator().next() + "\").save_pretrained(OUT), and the same with "
                    + "AutoTokenizer.");
        }
        return others.isEmpty() ? Optional.empty() : Optional.of("It has " + some(others) + ". Rename or convert what holds the model.");
    }

    private static Set<String> matching(Set<String> names, String pattern) {
        return names.stream().filter(name -> name.matches(pattern)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String baseModel(Path directory) {
        try {
            String name = Json.PYTHON.readTree(directory.resolve("adapter_config.json").toFile()).path("base_model_name_or_path").asText();
            return name.isEmpty() ? "that it does not name" : name;
        } catch (IOException e) {
            return "that it does not name";
        }
    }

    static String some(Collection<String> names) {
        return String.join(", ", names.stream().limit(SHOWN).toList()) + (names.size() > SHOWN ? ", ..." : "");
    }

    static Set<String> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UserError("cannot read " + directory + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }
}
