package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the last section of docs/evaluation.md lead from a corpus to a comparison, here with a corpus and models that are small. */
class EvaluationPageTest {

    /** What is added to each training, so that it takes seconds. */
    private static final String SMALL = " --set training.max_steps=8 --set evaluation.eval_steps=4 --set training.save_steps=4 --set training.warmup_steps=1"
            + " --set objective.mle_warmup_steps=1 --set objective.lambda_ramp_steps=1 --set model.n_embd=16 --set model.n_layer=1 --set model.n_head=2"
            + " --set training.per_device_train_batch_size=4 --set generation.max_new_tokens=12 --set evaluation.eval_prompts=2";

    private static final List<String> NAMES = List.of("Blue Spice", "The Mill", "Zizzi", "Cotto", "The Punter", "Aromi", "Wildwood", "The Vaults",
            "Clowns", "Loch Fyne", "Strada", "Giraffe");

    @TempDir
    private Path directory;

    @Test
    void theCommandsLeadFromDataToAComparison() throws IOException, InterruptedException {
        Path root = Launcher.file().getParent();
        for (String name : List.of("configs", "modules", "examples")) {
            Files.createSymbolicLink(directory.resolve(name), root.resolve(name));
        }
        Files.createSymbolicLink(directory.resolve("softq"), Launcher.file());
        Files.writeString(directory.resolve("train.csv"), corpus("pub"));
        Files.writeString(directory.resolve("test.csv"), corpus("restaurant"));

        String page = Files.readString(root.resolve("docs/evaluation.md"));
        List<String> commands = page.substring(page.indexOf("## From data to a comparison")).lines().filter(line -> line.startsWith("    "))
                .map(line -> line.strip() + (line.contains("softq train") ? SMALL : "")).toList();
        assertEquals(9, commands.size(), "commands of the page: " + commands);
        ProcessBuilder shell = new ProcessBuilder("bash", "-e", "-c", String.join("\n", commands)).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
        shell.environment().putAll(Map.of("OMP_NUM_THREADS", "1", "JAVA_HOME", System.getProperty("java.home"), "SOFTQ_CLASS_PATH",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        assertEquals(0, shell.start().waitFor(), () -> log());

        String metrics = Files.readString(directory.resolve("runs/e2e/iql/metrics.jsonl"));
        assertTrue(metrics.contains("\"eval_bleu\""), metrics);
        assertTrue(Files.exists(directory.resolve("runs/e2e/mle/samples.jsonl")));
        assertEquals(List.of("bleu", "rougeL", "collision_ratio_2grams", "slot_errors"), StreamSupport.stream(
                Json.STRICT.readTree(directory.resolve("runs/e2e/report/report-0.5.json").toFile()).get("metrics").spliterator(), false)
                .map(metric -> metric.get("name").asText()).collect(Collectors.toList()));
        assertTrue(Files.readString(directory.resolve("runs/e2e/compare.html")).contains("slot_errors"));
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Twelve meanings with three texts each. */
    private static String corpus(String kind) {
        StringBuilder rows = new StringBuilder("mr,ref,fixed,orig_mr\n");
        for (int i = 0; i < NAMES.size(); i++) {
            String area = i % 2 == 0 ? "riverside" : "city centre";
            String meaning = "\"name[" + NAMES.get(i) + "], eatType[" + kind + "], area[" + area + "]\"";
            for (String text : List.of("%s is a %s in the %s.", "The %2$s %1$s is in the %3$s.", "In the %3$s there is a %2$s, %1$s.")) {
                rows.append(meaning).append(",\"").append(text.formatted(NAMES.get(i), kind, area)).append("\",0,").append(meaning).append('\n');
            }
        }
        return rows.toString();
    }
}
