package io.softq4j.benchmark.peer;

import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Names of the parameters, in the order of the model, and their values from a file. */
final class PeerWeights {

    /** Parameters of a block. */
    static final List<String> BLOCK = List.of("ln_1.weight", "ln_1.bias", "attn.c_attn.weight", "attn.c_attn.bias", "attn.c_proj.weight",
            "attn.c_proj.bias", "ln_2.weight", "ln_2.bias", "mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight", "mlp.c_proj.bias");

    /** One tensor. */
    interface Reader {
        void tensor(long[] shape, FloatBuffer values);
    }

    private PeerWeights() {
    }

    /** Token and position table, the blocks' parameters, gain and bias of the last norm. */
    static List<String> names(int layers) {
        List<String> names = new ArrayList<>(List.of("transformer.wte.weight", "transformer.wpe.weight"));
        for (int layer = 0; layer < layers; layer++) {
            for (String name : BLOCK) {
                names.add("transformer.h." + layer + "." + name);
            }
        }
        names.add("transformer.ln_f.weight");
        names.add("transformer.ln_f.bias");
        return names;
    }

    /** Hands every tensor of {@code model.safetensors} to {@code reader}, in the order of {@link #names}. */
    static void read(Path directory, int layers, Reader reader) {
        try (Safetensors file = Safetensors.open(directory.resolve("model.safetensors"))) {
            for (String name : names(layers)) {
                TensorInfo info = file.info(name);
                FloatBuffer values = ByteBuffer.allocateDirect(Math.toIntExact(info.size() * Float.BYTES)).order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
                file.read(name, info.shape(), values);
                reader.tensor(info.shape().stream().mapToLong(Integer::longValue).toArray(), values);
            }
        }
    }
}
