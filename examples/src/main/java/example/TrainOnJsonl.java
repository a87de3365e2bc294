package example;

import io.softq4j.training.PlainProgress;
import io.softq4j.training.TrainingResult;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.Train;
import java.nio.file.Path;
import java.util.List;

/** Trains a small GPT-2 of fresh weights on JSON Lines such as {"prompt": "2 + 2 =", "response": " 4"}. Arguments: the rows, the run directory. */
public final class TrainOnJsonl {

    public static void main(String[] arguments) {
        TrainingResult result = train(arguments[0], Path.of(arguments[1]));
        System.out.println(result.steps() + " steps, model in " + result.model());
    }

    static TrainingResult train(String rows, Path run) {
        Configuration configuration = Configuration.defaults()
                .data(c -> c.train(List.of(rows)).maxLength(64))
                .tokenizer(c -> c.vocabSize(300))
                .model(c -> c.nPositions(64).nEmbd(32).nLayer(2).nHead(2))
                .objective(c -> c.lambda(0))    // maximum likelihood
                .training(c -> c.maxSteps(150).perDeviceTrainBatchSize(8).learningRate(1e-2).warmupSteps(10));
        return new Train(configuration).listener(new PlainProgress(System.out::println, 5)).run(run);
    }

    private TrainOnJsonl() {
    }
}
