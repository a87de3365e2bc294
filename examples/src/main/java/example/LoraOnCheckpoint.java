package example;

import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.Merge;
import io.softq4j.workflow.Start;
import io.softq4j.workflow.Train;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains low-rank adapters on a model that is there, in Hugging Face's layout or a run, and merges them into one that needs no adapters. Arguments: the
 * model, the rows, the run directory of the adapters, the directory of the merged model.
 */
public final class LoraOnCheckpoint {

    public static void main(String[] arguments) {
        tune(Path.of(arguments[0]), arguments[1], Path.of(arguments[2]), Path.of(arguments[3]));
        System.out.println("adapters in " + arguments[2] + "/model, merged model in " + arguments[3]);
    }

    static void tune(Path model, String rows, Path run, Path merged) {
        Configuration configuration = Configuration.defaults()
                .data(c -> c.train(List.of(rows)).maxLength(64))
                .tuning(c -> c.usePeft(true).loraR(8).loraTargetModules(List.of("all-linear")))
                .training(c -> c.maxSteps(60).perDeviceTrainBatchSize(8).learningRate(1e-2));
        new Train(configuration).from(new Start.Weights(model)).run(run);    // with the model's own tokenizer
        Merge.run(run, merged);
    }

    private LoraOnCheckpoint() {
    }
}
