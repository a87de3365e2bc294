package io.softq4j.evaluation.text;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** What tools made of the texts of {@code /metrics/texts.json}; the scripts beside it say how. */
final class Golden {

    private Golden() {
    }

    static JsonNode json(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("/metrics/" + name)) {
            return Json.STRICT.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text and its references. */
    record Case(String text, List<String> references) {
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        json("texts.json").forEach(row -> cases.add(new Case(row.get(0).textValue(), strings(row.get(1)))));
        return cases;
    }

    static List<String> strings(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::textValue).toList();
    }

    /** Differences of one measure from a tool's; the largest is printed, so that it can be reported, and held to a bound. */
    static final class Differences {

        private final String measure;
        private final List<String> wrong = new ArrayList<>();
        private double largest;
        private int compared;

        Differences(String measure) {
            this.measure = measure;
        }

        void add(double expected, double actual, double allowed, Object where) {
            compared++;
            double difference = Math.abs(expected - actual);
            largest = Math.max(largest, difference);
            if (!(difference <= allowed)) {
                wrong.add(where + ": expected " + expected + ", was " + actual);
            }
        }

        void check(int atLeast) {
            System.out.println("golden: " + measure + ": " + compared + " values, largest difference " + largest);
            assertTrue(wrong.isEmpty(), () -> measure + ": " + wrong.size() + " of " + compared + " differ\n"
                    + String.join("\n", wrong.subList(0, Math.min(20, wrong.size()))));
            assertTrue(compared >= atLeast, measure + ": only " + compared + " compared");
        }
    }
}
