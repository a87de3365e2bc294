package io.softq4j.benchmark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.common.UserError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandServerTest {

    /** Loses a tenth of its loss a step. */
    private static final class Decay implements TrainingEngine {
        private double loss = 10;

        @Override
        public String name() {
            return "decay";
        }

        @Override
        public double step(double lambda) {
            loss *= 0.9;
            return loss + lambda;
        }

        @Override
        public void close() {
        }
    }

    private static List<String> answers(String lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CommandServer.of(new Decay()).serve(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), new PrintStream(out));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aStepAnswersWithTimesAndLosses() throws IOException {
        List<String> answers = answers("name\nstep 2 0.5\n");
        assertEquals("\"decay\"", answers.get(0));
        JsonNode times = new ObjectMapper().readTree(answers.get(1));
        assertEquals(2, times.get("seconds").size());
        assertEquals(9.5, times.get("losses").get(0).asDouble());
    }

    @Test
    void aMistakeIsAnAnswerAndDoesNotEndTheServer() throws IOException {
        List<String> answers = answers("stop\nstep\nname\n");
        assertTrue(answers.get(0).contains("no command 'stop'; there are [memory, name, reset, step]"), answers.get(0));
        assertTrue(answers.get(1).startsWith("{\"error\":"), answers.get(1));
        assertEquals("\"decay\"", answers.get(2));
    }

    @Test
    void memoryIsReadAsLinuxWritesIt() {
        ProcessMemory memory = ProcessMemory.parse("Name:\tjava\nVmHWM:\t  2048 kB\nVmRSS:\t  1500 kB\nRssAnon:\t    1024 kB\n", 524_288);
        assertEquals(new ProcessMemory(2_097_152, 1_048_576, 524_288), memory);
        assertEquals(524_288, memory.outsideHeap());
    }

    @Test
    void lossesThatDifferAreNamed() {
        double[] ours = {5, 4, 3, 2, 1};
        LossMismatch.check("softq4j", ours, "PyTorch", new double[] {5.00009, 4, 3, 2, 1});
        double[] others = {5, 4, 3.001, 2, 1};
        LossMismatch error = assertThrows(LossMismatch.class, () -> LossMismatch.check("softq4j", ours, "PyTorch", others));
        assertEquals("the loss of step 3 is 3.000000 in softq4j and 3.001000 in PyTorch, allowed is a difference of 1e-04. "
                + "They do not train the same model, so nothing was measured", error.getMessage());
    }

    @Test
    void everyProcessMakesTheSameBatch() {
        TokenRows rows = TokenRows.of(ModelShape.parse("2,64,4,512,2,32"));
        assertArrayEquals(TokenRows.of(ModelShape.parse("2,64,4,512,2,32")).inputs(), rows.inputs());
        for (int i = 0; i + 1 < 32; i++) {
            assertEquals(rows.inputs()[i + 1], rows.targets()[i]);
            assertEquals(i >= 4, rows.scored()[i]);
        }
    }

    @Test
    void aMeasureThatDoesNotExistIsTheUsersMistake() {
        UserError error = assertThrows(UserError.class, () -> Measures.named(List.of("small", "large")));
        assertEquals("--measure large is unknown; there are small, gpt2, soft-q, growth-length, growth-vocabulary, decode, native-memory",
                error.getMessage());
        assertEquals(List.of("small", "decode"), Measures.named(List.of("decode", "small")).stream().map(Measure::name).toList());
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        assertEquals(2.5, Turns.median(new double[] {9, 1, 3, 2}));
        assertEquals(3, Turns.median(new double[] {9, 1, 3}));
    }
}
