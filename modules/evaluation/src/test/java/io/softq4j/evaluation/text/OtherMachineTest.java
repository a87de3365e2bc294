package io.softq4j.evaluation.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.evaluation.Evaluator;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.MetricResult;
import io.softq4j.evaluation.Metrics;
import io.softq4j.evaluation.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Values and signatures do not depend on where a machine stands: in Turkey, with a charset of seven bits, they are the same to the last
 * bit.
 */
class OtherMachineTest {

    @Test
    void allValuesAreTheSameInTurkeyWithAsciiAsCharset() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dfile.encoding=US-ASCII",
                "-Duser.language=tr", "-Duser.country=TR", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Judged.class.getName()).redirectErrorStream(true).start();
        String there = new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals(0, child.waitFor(), there);
        assertEquals(Judged.values(), there.strip());
    }

    /** All metrics over the golden texts, in capitals as well. */
    static final class Judged {

        private Judged() {
        }

        public static void main(String[] args) {
            System.out.println(values());
        }

        static String values() {
            List<Item> items = new ArrayList<>();
            for (Golden.Case each : Golden.cases().subList(0, 150)) {
                items.add(new Item(items.size() + each.text(), each.references(), List.of(Map.of()),
                        List.of(Sample.of(each.text()), Sample.of(each.text().toUpperCase(Locale.ROOT))), List.of()));
            }
            List<Object> specs = List.of(Map.of("bleu", Map.of("lowercase", true, "tokenize", "intl", "smooth_method", "floor")),
                    Map.of("chrf",
                    Map.of("lowercase", true)), "chrf++", Map.of("rouge", Map.of("stemmer", true)), "exact_match", "f1", Map.of("accuracy",
                    Map.of("pattern", "\\d+")), "collision", Map.of("coverage", Map.of("form", "squad")), "coverage_ngrams",
                    "ngram_entropy", "vendi",
                    "distinct", "self_bleu", "compression_ratio", "words");
            StringBuilder values = new StringBuilder();
            for (MetricResult result : Evaluator.judge(Metrics.named(specs), items, null, 1).report().metrics()) {
                values.append(result.signature()).append('=').append(Double.toHexString(result.value())).append('\n');
            }
            return values.toString().strip();
        }
    }
}
