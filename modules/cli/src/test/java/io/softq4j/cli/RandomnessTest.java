package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One class makes every random stream, read in the sources of all modules: those of the notebooks and the benchmark too. */
class RandomnessTest {

    private static final Path ROOT = Path.of("../..");
    private static final String STREAMS = "modules/common/src/main/java/io/softq4j/common/Streams.java";

    private static final Pattern GENERATOR = Pattern.compile("new (Splittable|Secure)?Random\\(|ThreadLocalRandom|RandomGenerator|Math\\.random"
            + "|Nd4j\\.(rand|getRandom)|\\.shuffle\\(\\w+\\)|getRandomFactory");
    /** Splitmix64's finaliser in any spelling; sums and products with what is named a seed, texts aside. */
    private static final Pattern MIXING = Pattern.compile("(?i)0xbf58476d1ce4e5b9|0x94d049bb133111eb|\\bseed(\\(\\))? *(\\*|\\^|\\+ *[^\" ])"
            + "|[*^] *\\w*seed\\b");

    private static Map<String, String> sources() {
        Map<String, String> sources = new TreeMap<>();
        for (String module : List.of("modules", "data-pipelines", "hyperparam", "notebooks")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                files.filter(file -> file.toString().matches(".*/src/main/.*\\.java|.*[^/]/[^/]*\\.ipynb"))
                        .filter(file -> !file.toString().contains("/target/"))
                        .forEach(file -> sources.put(ROOT.relativize(file).toString(), read(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Comments aside. */
    private static List<String> lines(Pattern pattern) {
        return sources().entrySet().stream().filter(source -> !source.getKey().equals(STREAMS))
                .flatMap(source -> source.getValue().lines().map(String::strip).filter(line -> !line.startsWith("*") && !line.startsWith("/**"))
                        .filter(line -> pattern.matcher(line).find()).map(line -> source.getKey() + ": " + line))
                .toList();
    }

    @Test
    void onlyStreamsMakesGenerators() {
        // the matrices whose product is timed: any will do
        assertEquals(List.of("modules/graph/src/main/java/io/softq4j/graph/backend/Engine.java: "
                + "try (INDArray a = Nd4j.rand(DataType.FLOAT, size, size); INDArray b = Nd4j.rand(DataType.FLOAT, size, size);"), lines(GENERATOR),
                "Streams.of(purpose, ids...) is the way");
    }

    @Test
    void onlyStreamsAddsOrMultipliesSeeds() {
        // the quickstart's three seeds, which are names: each goes through Streams where it is used
        assertEquals(List.of("modules/cli/src/main/java/io/softq4j/cli/QuickstartCommand.java: "
                + ".set(\"sweep.seeds=\" + (fast ? List.of(seed) : List.of(seed, seed + 1, seed + 2)));"), lines(MIXING));
    }

    @Test
    void whatItLooksForIsFound() {
        assertTrue(sources().size() > 300, sources().size() + " sources");
        for (String line : List.of("new SplittableRandom(seed)", "new Random(3)", "Collections.shuffle(rows)", "ThreadLocalRandom.current()")) {
            assertTrue(GENERATOR.matcher(line).find(), line);
        }
        for (String line : List.of("long s = seed * 31;", "seed ^ step", "config.seed() + 0x9E3779B97F4A7C15L", "z * 0xBF58476D1CE4E5B9L", "31 * seed")) {
            assertTrue(MIXING.matcher(line).find(), line);
        }
    }
}
