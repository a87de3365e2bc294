package example;

import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Fields;
import io.softq4j.evaluation.Task;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.Evaluation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Judges a model by a rule of one's own: an answer is right if it names a colour that the row allows. Arguments: the model, the rows. */
public final class OwnMetric implements Task {

    @Override
    public String name() {
        return "colours";
    }

    @Override
    public boolean correct(Map<String, String> fields, String response) {
        return List.of(Fields.require(fields, "colours", name()).split(",")).contains(response.strip());
    }

    public static void main(String[] arguments) {
        for (EvaluationReport report : evaluate(Path.of(arguments[0]), arguments[1])) {
            System.out.println("temperature " + report.sampler().temperature() + ": accuracy " + report.value("accuracy"));
        }
    }

    static List<EvaluationReport> evaluate(Path model, String rows) {
        return new Evaluation(Configuration.defaults().generation(c -> c.maxNewTokens(8))
                .evaluation(c -> c.data(rows).task(OwnMetric.class.getName()).samples(4).temperatures(List.of(0.0, 1.0)))).run(model);
    }
}
