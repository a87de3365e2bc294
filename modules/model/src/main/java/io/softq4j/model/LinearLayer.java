package io.softq4j.model;

/**
 * A linear layer of a model, as a low-rank adapter sees it.
 *
 * @param name        of its module: its weight is {@code name.weight}
 * @param in          extent of what it reads
 * @param out         extent of what it gives
 * @param fanInFanOut PEFT's word for a weight stored {@code [in, out]}, as GPT-2's are; else it is {@code [out, in]}
 */
public record LinearLayer(String name, int in, int out, boolean fanInFanOut) {

    /** Name of the weight. */
    String weight() {
        return name + ".weight";
    }

    /** Name of the low-rank factor that reads the layer's input, {@code [r, in]}. */
    String loraA() {
        return name + ".lora_A.weight";
    }

    /** Name of the low-rank factor that gives the layer's output, {@code [out, r]}. */
    public String loraB() {
        return name + ".lora_B.weight";
    }
}
