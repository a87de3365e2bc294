package io.softq4j.benchmark;

import io.softq4j.model.Completion;
import io.softq4j.model.GenerationConfig;
import io.softq4j.model.Generator;
import io.softq4j.model.LanguageModel;
import io.softq4j.onnx.OnnxDecoder;
import java.nio.file.Path;
import java.util.List;

/** Main class of the process in which softq4j decodes; argument: shape. */
final class OurDecoder {

    private static final int NO_EOS = -1;

    private OurDecoder() {
    }

    public static void main(String[] args) {
        CommandServer.run(() -> {
            ModelShape shape = ModelShape.parse(args[0]);
            LanguageModel model = OurEngine.model(shape);
            Generator generator = new Generator(model, Prompts.LENGTH + Prompts.NEW_TOKENS, NO_EOS, Prompts.ROWS);
            return new CommandServer()
                    .on("export", arguments -> {
                        OnnxDecoder.write(model.standardDecoder(), Path.of(String.join(" ", arguments)));
                        return true;
                    })
                    .on("decode", arguments -> decode(generator, shape));
        });
    }

    private static Decoded decode(Generator generator, ModelShape shape) {
        GenerationConfig greedy = new GenerationConfig(Prompts.NEW_TOKENS, false, 1, 0, 1, 1, Prompts.ROWS, 0);
        long start = System.nanoTime();
        List<List<Completion>> completions = generator.generate(Prompts.of(shape), greedy, tokens -> { });
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Decoded(seconds, completions.stream().map(of -> of.get(0).ids()).toArray(int[][]::new));
    }
}
