package example;

import com.sun.net.httpserver.HttpServer;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.training.TrainingResult;
import io.softq4j.workflow.Configuration;
import io.softq4j.workflow.Evaluation;
import io.softq4j.workflow.StudyResult;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Runs the programs of examples/ on a corpus of its own, each on what those before it left, and looks at what came of them. */
public final class RunExamples {

    private static final List<String> THINGS = List.of("sky blue", "grass green", "sun yellow", "night dark", "snow white", "coal black");

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        String rows = write(directory.resolve("rows.jsonl"), 0);
        String shifted = write(directory.resolve("shifted.jsonl"), 1);

        Path run = directory.resolve("run");
        TrainingResult trained = TrainOnJsonl.train(rows, run);
        expect("a loss that fell to almost nothing, was " + trained.lastStep(), trained.lastStep().orElseThrow().loss() < 0.1);
        expect("a model in Hugging Face's layout", Files.exists(run.resolve("model/model.safetensors")) && Files.exists(run.resolve("model/tokenizer.json")));

        List<EvaluationReport> reports = OwnMetric.evaluate(run, rows);
        expect("the metric finds what was learnt right, was " + reports.get(0).value("accuracy"), reports.get(0).value("accuracy") == 1);
        expect("a report carries the name of the task", reports.get(0).metric("accuracy").orElseThrow().signature().contains("colours"));

        Path predicted = Files.writeString(directory.resolve("predicted.jsonl"), "{\"prompt\": \"name[Blue Spice], area[city centre]\", "
                + "\"text\": \"Blue Spice serves Italian food by the riverside.\"}\n");
        EvaluationReport slots = new Evaluation(Configuration.defaults().evaluation(c -> c.metrics(List.of("example.SlotErrors"))))
                .judgePredictions(predicted).report();
        expect("a slot is missing and two are added, was " + slots.value("slot_errors"), slots.value("slot_errors") == 3);

        Path merged = directory.resolve("merged");
        LoraOnCheckpoint.tune(run, shifted, directory.resolve("lora"), merged);
        expect("adapters in PEFT's files", Files.exists(directory.resolve("lora/model/adapter_model.safetensors")));
        double learnt = OwnMetric.evaluate(merged, shifted).get(0).value("accuracy");
        double before = OwnMetric.evaluate(run, shifted).get(0).value("accuracy");
        expect("the merged model has learnt other colours, " + before + " before and " + learnt + " now", before == 0 && learnt == 1);

        double far = OwnObjective.tune(run, shifted, directory.resolve("free"), 0).lastStep().orElseThrow().figures().value("distance");
        double near = OwnObjective.tune(run, shifted, directory.resolve("close"), 1).lastStep().orElseThrow().figures().value("distance");
        expect("an objective that keeps weights close does, squared distances " + near + " and " + far, near > 0 && near < far / 2);

        StudyResult study = StudyOverLambda.study(rows, directory.resolve("study"));
        expect("four trials that are complete", study.summary().trials().size() == 4 && study.frontier().cells().size() == 4);
        expect("a picture", Files.size(directory.resolve("study/frontier.png")) > 1000);

        HttpServer server = GenerationService.start(run, 0);
        try {
            serve(server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
        System.out.println("examples: all ran");
        System.exit(0);    // the service's threads would go on
    }

    /** What each thing is, or what the one {@code by} places after it is. */
    private static String write(Path file, int by) throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < THINGS.size(); i++) {
            String colour = THINGS.get((i + by) % THINGS.size()).split(" ")[1];
            rows.append("{\"prompt\": \"the ").append(THINGS.get(i).split(" ")[0]).append(" is\", \"response\": \" ").append(colour)
                    .append("\", \"colours\": \"").append(colour).append("\"}\n");
        }
        return Files.writeString(file, rows).toString();
    }

    private static void serve(int port) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        URI uri = URI.create("http://localhost:" + port + "/generate");
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String prompt = "the " + THINGS.get(i % THINGS.size()).split(" ")[0] + " is";
            asked.add(client.sendAsync(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(prompt)).build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        Set<String> wrong = new TreeSet<>();
        for (int i = 0; i < asked.size(); i++) {
            HttpResponse<String> answer = asked.get(i).get();
            if (answer.statusCode() != 200 || !answer.body().strip().equals(THINGS.get(i % THINGS.size()).split(" ")[1])) {
                wrong.add(THINGS.get(i % THINGS.size()) + ": " + answer.statusCode() + " " + answer.body());
            }
        }
        expect("24 requests of four threads answered as one alone is, wrong are " + wrong, wrong.isEmpty());
        HttpResponse<String> tooLong = client.send(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString("x".repeat(1000))).build(),
                HttpResponse.BodyHandlers.ofString());
        expect("a prompt that is too long is explained, was " + tooLong.body(), tooLong.statusCode() == 400 && tooLong.body().contains("context holds 64"));
    }

    private static void expect(String what, boolean seen) {
        if (!seen) {
            throw new AssertionError("examples: not seen: " + what);
        }
        System.out.println("examples: " + what);
    }

    private RunExamples() {
    }
}
