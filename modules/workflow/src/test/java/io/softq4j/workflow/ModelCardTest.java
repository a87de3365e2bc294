package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.plan.Parameters;
import io.softq4j.graph.plan.PlanReport;
import io.softq4j.objective.Batch;
import io.softq4j.objective.BatchShape;
import io.softq4j.objective.Counts;
import io.softq4j.objective.Figures;
import io.softq4j.objective.LogitsObjective;
import io.softq4j.objective.LogitsObjective.Term;
import io.softq4j.objective.Objective;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.run.TrainingMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the card says of the objective and the optimiser that a run has. */
class ModelCardTest {

    private static final ObjectiveMaker CONFIDENCE_PENALTY = (graph, settings, checkpointing) -> new LogitsObjective(graph,
            rows -> List.of(Term.of("nll", rows.nll(), 1), Term.of("penalty", rows.entropy(), -0.1)));

    @TempDir
    private Path directory;
    private Configuration configuration;

    @BeforeEach
    void prepare() throws IOException {
        Path corpus = Files.writeString(directory.resolve("c.jsonl"), """
                {"prompt": "say a:", "response": " a"}
                {"prompt": "say b:", "response": " b"}
                """.repeat(4));
        configuration = Configuration.defaults().data(c -> c.train(List.of(corpus.toString())).validation(List.of(corpus.toString())).maxLength(16))
                .tokenizer(c -> c.vocabSize(262)).model(c -> c.nPositions(16).nEmbd(8).nLayer(1).nHead(2))
                .training(c -> c.maxSteps(2).saveSteps(1).perDeviceTrainBatchSize(4));
        PreparedData.prepare(configuration, directory.resolve("data"));
    }

    private Train train(String... settings) {
        Configuration changed = configuration;
        for (String setting : settings) {
            changed = changed.set(setting);
        }
        return new Train(changed).data(directory.resolve("data"));
    }

    private String card(Train train) throws IOException {
        return Files.readString(train.run(directory.resolve("run")).model().resolve("README.md"));
    }

    private static void assertHas(String card, String... parts) {
        for (String part : parts) {
            assertTrue(card.contains(part), part + " is not in " + card);
        }
    }

    /** Of the columns behind the epoch, in one of the lines. */
    private static List<String> cells(String card, String row) {
        String line = card.lines().filter(text -> text.startsWith("| " + row + " | 2 | ")).findFirst().orElseThrow();
        return List.of(line.replaceAll("^\\| | \\|$", "").split(" \\| ", -1));
    }

    @Test
    void inverseSoftQWithAllThatItCanHaveIsToldWhole() throws IOException {
        assertHas(card(train("objective={lambda: 0.5, tau: 0.7, gamma: 0.9, z_loss: 1e-4, label_smoothing_factor: 0.1}")),
                "\ntags:\n- softq4j\n- inverse-soft-q-learning\n- arxiv:2409.01369\npipeline_tag", "Trained with softq4j by inverse soft-Q-learning from ",
                "at temperature 0.7: sample with it.\n\n## Training\n", """
                |---|---|
                | objective | mean(-log pi) + lambda mean(delta^2), delta = Q(s,a) - gamma V(s'), the logits being Q: Eq. 14 of \
                [arXiv 2409.01369](https://arxiv.org/abs/2409.01369) |
                | lambda, gamma, tau | 0.5, 0.9, 0.7 |
                | z-loss | 0.0001 mean((V / tau)^2) is added |
                | label smoothing | 0.1 |
                | what trains |""", "\n| | update | epoch | loss | nll | td | perplexity |\n|---|---|---|---|---|---|---|\n| training | 2 |", """

                nll is the mean of -log pi over scored tokens, perplexity its exponential, td the mean of delta^2, \
                loss = nll + lambda td + z-loss + label smoothing. Training: of the last update alone.
                """);
    }

    @Test
    void anExpressionOverTheLogitsHasItsOwnTermsAndNothingOfAnother() throws IOException {
        String card = card(train().objective("confidence penalty 0.1", CONFIDENCE_PENALTY));
        assertHas(card, "\ntags:\n- softq4j\npipeline_tag", " parameters, confidence penalty 0.1\n", "Trained with softq4j by confidence penalty 0.1 from ",
                "|---|---|\n| objective of the application | confidence penalty 0.1 |\n| what trains |",
                "\n| | update | epoch | loss | nll | penalty | perplexity |\n|---|---|---|---|---|---|---|\n",
                "nll is the mean of -log pi over scored tokens, perplexity its exponential, penalty ");
        assertFalse(card.contains("lambda") || card.contains("td"), card);
        for (String row : List.of("training", "validation")) {
            List<String> cells = cells(card, row);
            assertEquals(7, cells.size(), card);
            double nll = Double.parseDouble(cells.get(4));
            assertEquals(Double.parseDouble(cells.get(3)), nll - 0.1 * Double.parseDouble(cells.get(5)), 2e-4, card);
            assertEquals(Math.exp(nll), Double.parseDouble(cells.get(6)), 0.1, card);
        }
    }

    @Test
    void anObjectiveThatSaysNothingOfItselfHasTheColumnsOfTheFile() throws IOException {
        String card = card(train().objective("another", (graph, settings, checkpointing) -> new Silent(settings.over(graph, checkpointing))));
        assertHas(card, "| objective of the application | another |\n| what trains |",
                "\n| | update | epoch | loss | margin | level |\n|---|---|---|---|---|---|\n", "\n\nTraining: of the last update alone.\n");
        assertEquals("2.0000", cells(card, "training").get(5));
        assertEquals(cells(card, "training").get(5), cells(card, "validation").get(5));
        assertEquals(cells(card, "validation").get(3), cells(card, "validation").get(4));
    }

    @Test
    void stochasticGradientDescentIsNamedWithItsMomentum() throws IOException {
        assertHas(card(train("training={optim: sgd, sgd_momentum: 0.9, learning_rate: 0.01}")),
                "| optimiser | SGD, momentum 0.9, learning rate 0.01, weight decay 0.0 |\n");
    }

    @Test
    void theMemoryOfARunIsThatOfItsOwnObjective() {
        List<TrainingMemory> planned = new ArrayList<>();
        ProgressListener listener = new ProgressListener() {
            @Override
            public void planned(TrainingMemory memory) {
                planned.add(memory);
            }
        };
        List<Objective> made = new ArrayList<>();
        List<Long> needed = new ArrayList<>();
        train().listener(listener).run(directory.resolve("usual"));
        train().listener(listener).objective("confidence penalty 0.1", (graph, settings, checkpointing) -> {
            made.add(CONFIDENCE_PENALTY.make(graph, settings, checkpointing));
            PlanReport plan = made.get(0).costs(BatchShape.of(planned.get(0).rows(), planned.get(0).length())).orElseThrow();
            needed.add(plan.arenaBytes() + plan.inputBytes());
            return made.get(0);
        }).run(directory.resolve("own"));
        assertEquals(2, planned.size());
        assertEquals(needed.get(0), planned.get(1).activations());
        assertTrue(planned.get(1).activations() > planned.get(0).activations(), planned + ": the logits are in memory as a whole");
    }

    @Test
    void whatIsExplainedIsTheStepOfTheRunsOwnObjective() {
        String usual = train().explain();
        String own = train().objective("confidence penalty 0.1", CONFIDENCE_PENALTY).explain();
        assertTrue(own.contains("memory: ") && own.contains("log_softmax") && !own.contains("ChunkedHead"), own);
        assertFalse(usual.contains("log_softmax"), usual);
        assertEquals(usual, train().objective("another", (graph, settings, checkpointing) -> new Silent(settings.over(graph, checkpointing))).explain());
    }

    /** The gradient of another, with other figures and no words. */
    private record Silent(Objective inner) implements Objective {

        @Override
        public Parameters parameters() {
            return inner.parameters();
        }

        @Override
        public Figures accumulate(Batch batch, Counts total, long step) {
            return renamed(inner.accumulate(batch, total, step), batch);
        }

        @Override
        public Figures evaluate(Batch batch, long step) {
            return renamed(inner.evaluate(batch, step), batch);
        }

        private static Figures renamed(Figures figures, Batch batch) {
            long tokens = batch.counts().responseTokens();
            return Figures.NONE.term("margin", figures.value("nll") * tokens, tokens, 1).setting("level", 2);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
