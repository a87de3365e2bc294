package example;

import io.softq4j.generation.GenerationConfig;
import io.softq4j.generation.Generator;
import io.softq4j.graph.Lowering;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.objective.softq.SoftQ;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.onnx.OnnxExport;
import io.softq4j.onnx.OnnxOptions;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.Trainer;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.optim.LrSchedulerType;
import io.softq4j.training.rows.DataPlan;
import io.softq4j.training.rows.ExampleSource;
import io.softq4j.training.rows.StepSource;
import io.softq4j.training.rows.TrainingData;
import io.softq4j.training.run.RunDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Trains a tiny GPT-2 on four sentences with inverse soft-Q-learning, continues a prompt, and writes the model as ONNX. */
public final class TinyTraining {

    private record Sentence(String prompt, String response) {
    }

    private static final List<Sentence> SENTENCES = List.of(
            new Sentence("the sky is", " blue"), new Sentence("the grass is", " green"),
            new Sentence("the sun is", " yellow"), new Sentence("the night is", " dark"));

    public static void main(String[] arguments) {
        System.out.println("the sky is" + run(Path.of(arguments[0])));
    }

    /** Leaves run/ and onnx/ in a directory and returns the model's continuation of "the sky is". */
    public static String run(Path directory) {
        // Text to tokens. Prompt and response are encoded apart; an Example scores the response and the EOS behind it.
        BpeTrainer bpe = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(280)));
        for (Sentence sentence : SENTENCES) {
            bpe.add(sentence.prompt());
            bpe.add(sentence.response());
        }
        Tokenizer tokenizer = bpe.train();
        Rendering rendering = new Rendering(tokenizer);
        List<Example> examples = SENTENCES.stream().map(s -> rendering.example(s.prompt(), s.response())).toList();
        TrainingData data = new TrainingData(ExampleSource.of(examples), Optional.empty(), tokenizer.eosId());

        // A model with fresh weights; the last argument is their seed.
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(tokenizer.vocabularySize()).nPositions(32).nEmbd(32).nLayer(2).nHead(2));
        LanguageModel model = LanguageModel.create(size, 1, Lowering.best());

        // 20 steps of maximum likelihood, 20 over which lambda rises to 0.1, 20 more. What is not set has its default.
        SoftQConfig objective = SoftQConfig.defaults().with(c -> c.lambda(0.1).mleWarmupSteps(20).lambdaRampSteps(20));
        TrainingConfig training = TrainingConfig.defaults().with(c -> c.maxSteps(60).perDeviceTrainBatchSize(4).learningRate(1e-2).warmupSteps(10)
                .lrSchedulerType(LrSchedulerType.COSINE).seed(1).saveSteps(30).maxLength(size.nPositions()).bucketMultiple(8));
        RunDirectory run = new RunDirectory(directory.resolve("run"), "example: tiny\n", files -> {
            model.writeConfig(files, tokenizer.bosId().orElse(tokenizer.eosId()), tokenizer.eosId());
            tokenizer.save(files);
        });
        try (SoftQ softQ = new SoftQ(model.graph(), objective)) {
            StepSource steps = DataPlan.of(data, training.rows());
            new Trainer(training, softQ, steps, Optional.empty(), run, ProgressListener.NONE).train();
        }

        // The most probable token each time, up to 8 of them; one row, as there is one prompt.
        GenerationConfig greedy = GenerationConfig.greedy(8);
        String text;
        try (Generator generator = new Generator(model, size.nPositions(), 1, Set.of(tokenizer.eosId()), tokenizer::decode)) {
            text = generator.generate(List.of(rendering.prompt("the sky is")), greedy, tokens -> { }).get(0).get(0).text();
        }

        // Throws, and leaves nothing, unless ONNX Runtime computes the same logits.
        OnnxExport.export(model.standardGraph(), model.graph(), directory.resolve("onnx"), OnnxOptions.of("gpt2", size.nPositions()));
        return text;
    }

    private TinyTraining() {
    }
}
