package io.softq4j.benchmark;

import io.softq4j.generation.Completion;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.generation.Generator;
import io.softq4j.model.LanguageModel;
import io.softq4j.onnx.OnnxDecoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Main class of the process in which softq4j decodes; argument: shape. */
final class OurDecoder {

    private OurDecoder() {
    }

    public static void main(String[] args) {
        CommandServer.run(() -> {
            ModelShape shape = ModelShape.parse(args[0]);
            LanguageModel model = OurEngine.model(shape);
            Generator generator = new Generator(model, Prompts.LENGTH + Prompts.NEW_TOKENS, Prompts.ROWS, Set.of(), ids -> "");
            return new CommandServer()
                    .on("export", arguments -> {
                        OnnxDecoder.write(model.standardDecoder(), Path.of(String.join(" ", arguments)));
                        return true;
                    })
                    .on("decode", arguments -> decode(generator, shape));
        });
    }

    private static Decoded decode(Generator generator, ModelShape shape) {
        GenerationConfig greedy = GenerationConfig.greedy(Prompts.NEW_TOKENS);
        long start = System.nanoTime();
        List<List<Completion>> completions = generator.generate(Prompts.of(shape), greedy, tokens -> { });
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Decoded(seconds, completions.stream().map(of -> of.get(0).ids()).toArray(int[][]::new));
    }
}
