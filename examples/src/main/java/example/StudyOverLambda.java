package example;

import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.Study;
import io.softq4j.workflow.StudyResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Compares maximum likelihood with inverse soft-Q-learning: trains each value of lambda with two seeds, samples at two temperatures, and sets accuracy
 * against diversity. Run again, it goes on where it stopped. Arguments: the rows, the directory of the study.
 */
public final class StudyOverLambda {

    public static void main(String[] arguments) throws InterruptedException {
        StudyResult found = study(arguments[0], Path.of(arguments[1]));
        System.out.println(found.cells());
        System.out.println("picture in " + Path.of(arguments[1]).resolve("frontier.png"));
    }

    static StudyResult study(String rows, Path out) throws InterruptedException {
        Configuration configuration = Configuration.defaults()
                .data(c -> c.train(List.of(rows)).validation(List.of(rows)).maxLength(64))
                .tokenizer(c -> c.vocabSize(300))
                .model(c -> c.nPositions(64).nEmbd(16).nLayer(1).nHead(2))
                .objective(c -> c.mleWarmupSteps(5).lambdaRampSteps(5))
                .training(c -> c.maxSteps(40).perDeviceTrainBatchSize(8).learningRate(1e-2))
                .generation(c -> c.maxNewTokens(8))
                .evaluation(c -> c.task("exact_match:response").samples(4).temperatures(List.of(0.7, 1.0)))
                .sweep(c -> c.parameters(Map.of("objective.lambda", List.of(0, 0.1))).seeds(List.of(1L, 2L)));
        return new Study(configuration).run(out);
    }

    private StudyOverLambda() {
    }
}
