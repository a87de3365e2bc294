package io.softq4j.workflow;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Exclusive;
import io.softq4j.common.FileManifest;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.weights.DType;
import io.softq4j.onnx.OnnxExport;
import io.softq4j.onnx.OnnxOptions;
import io.softq4j.onnx.ParityReport;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/** A model as an ONNX directory, the files beside its weights kept. */
public final class Export {

    /** What both sides read: text, since random tokens drive a trained model to where rounding is larger than on any text. */
    private static final String TEXT = """
            The harbour lies where the river meets the sea, and most of its ships still carry grain. In 1887 a fire burned for three days; the town \
            that was built after it has wide streets, stone houses and, on the hill, a library with 40,000 books. "Why so many?" asked a visitor. \
            "Because winters here are long," the librarian said, and went on sorting the cards.

            To make the bread of the region, mix 500 g of rye flour with 350 ml of warm water, a spoon of salt and some of yesterday's dough. Leave it \
            for twelve hours, then bake it at 220 degrees until the crust sounds hollow. If 3 loaves take 2 hours, how long do 6 loaves take in an oven \
            that holds them all? The answer is still 2 hours: def time(loaves): return 2 if loaves <= 6 else 2 * ((loaves + 5) // 6).
            """;

    private Export() {
    }

    /**
     * Exports, checks, and only then puts the directory in its place.
     *
     * @param model a run, a checkpoint or a model directory
     * @param out   an earlier export there is replaced
     * @return how well ONNX Runtime agrees
     * @throws UserError if the model has an encoder, ONNX Runtime does not compute the same, or {@code out} holds something that is no export
     */
    public static ParityReport run(Path model, Path out) {
        return run(model, Output.at(out));
    }

    /** The same into an output that may be forced. */
    public static ParityReport run(Path model, Output output) {
        Output to = output.reading(ModelDirectory.inputs(model));
        to.requireDirectory(OnnxExport.EARLIER);
        try (Exclusive alone = Exclusive.alone(to.path()); ModelDirectory directory = ModelDirectory.open(model)) {
            return run(directory, to);
        }
    }

    static ParityReport run(ModelDirectory model, Output output) {
        ModelConfig size = model.model().config();
        if (size.encoderDecoder().isPresent()) {
            throw new UserError("cannot export " + model.path() + " to ONNX: its model_type is '" + size.modelType() + "', of encoder and decoder, and "
                    + "only models of one stack can be exported. The directory is in Hugging Face's layout; export it with a tool of theirs.");
        }
        output.requireDirectory(OnnxExport.EARLIER);
        KeptFiles kept = KeptFiles.of(model.path()).with(DType.F32);
        AtomicReference<ParityReport> report = new AtomicReference<>();
        AtomicFiles.writeDirectory(output.path(), directory -> {
            OnnxOptions options = OnnxOptions.of(size.modelType(), size.contextLength(), model.tokenizer().encode(TEXT));
            report.set(OnnxExport.write(model.model().standardGraph(), model.model().graph(), directory, options));
            kept.write(directory);
            FileManifest.write(directory);
        });
        return report.get();
    }
}
