package example;

import io.softq4j.training.TrainingResult;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.Start;
import io.softq4j.workflow.Train;
import java.nio.file.Path;
import java.util.List;

/** Trains a model that is there with an objective of one's own, {@link StayClose}. Arguments: the model, the rows, the run directory, the strength. */
public final class OwnObjective {

    public static void main(String[] arguments) {
        TrainingResult result = tune(Path.of(arguments[0]), arguments[1], Path.of(arguments[2]), Double.parseDouble(arguments[3]));
        System.out.println("squared distance " + result.lastStep().orElseThrow().figures().value("distance") + ", model in " + result.model());
    }

    static TrainingResult tune(Path model, String rows, Path run, double strength) {
        Configuration configuration = Configuration.defaults()
                .data(c -> c.train(List.of(rows)).maxLength(64))
                .training(c -> c.maxSteps(60).learningRate(3e-3));
        return new Train(configuration).from(new Start.Weights(model))
                .objective("l2_sp " + strength, (graph, settings, checkpointing) -> StayClose.around(settings.over(graph, checkpointing), strength))
                .run(run);
    }

    private OwnObjective() {
    }
}
