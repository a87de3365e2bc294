package io.softq4j.model;

import io.softq4j.graph.kernel.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The activation of a feed-forward layer by Hugging Face's names, of which several mean the same: {@code hidden_act}. */
public enum HiddenAct {

    /** x Phi(x), Phi the normal distribution function (Hendrycks and Gimpel 2016, arXiv 1606.08415, section 2). */
    GELU(Activation.GELU, "gelu", "gelu_python"),

    /** Its approximation by tanh, as GPT-2 has it. */
    GELU_NEW(Activation.GELU_NEW, "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_accurate");

    private final Activation activation;
    private final List<String> names;

    HiddenAct(Activation activation, String... names) {
        this.activation = activation;
        this.names = List.of(names);
    }

    /** The name that is written. */
    public String configName() {
        return names.get(0);
    }

    /** What a linear layer behind it applies to its input. */
    Activation activation() {
        return activation;
    }

    static Optional<HiddenAct> named(String name) {
        return Arrays.stream(values()).filter(act -> act.names.contains(name)).findFirst();
    }

    /** Its names, for people to read. */
    String all() {
        return String.join(", ", names);
    }

    /** The names of all, for people to read. */
    static String everyName() {
        return Arrays.stream(values()).flatMap(act -> act.names.stream()).collect(Collectors.joining(", "));
    }
}
