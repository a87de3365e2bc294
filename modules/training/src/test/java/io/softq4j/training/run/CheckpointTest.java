package io.softq4j.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softq4j.common.UserError;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import io.softq4j.training.Slots;
import io.softq4j.training.TinyRun;
import io.softq4j.training.optim.AdamW;
import io.softq4j.training.optim.Optimizer;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    @TempDir
    Path run;

    @Test
    void everythingSavedIsRestoredBitForBit() {
        Slots saved = filled();
        AdamW optimizer = stepped(saved);
        AdamW restored = new AdamW(filled(), TinyRun.config().optimizer());
        Checkpoint.save(run, state(2), player(optimizer, TinyRun.FILES));
        Checkpoint checkpoint = Checkpoint.latest(run).orElseThrow();
        assertEquals(new Checkpoint(run.resolve("checkpoint-2"), state(2)), checkpoint);
        checkpoint.restore(player(restored, TinyRun.FILES));
        assertArrayEquals(saved.bits(), ((Slots) restored.parameters()).bits());
        assertEquals(List.of("exp_avg.w", "exp_avg_sq.w", "exp_avg.b", "exp_avg_sq.b"), restored.state().stream().map(Tensor::name).toList());
        assertEquals(optimizer.state(), restored.state());
        assertEquals(2, restored.steps());
    }

    /** Files of another name, with names of their own and a tensor that does not train. */
    private record Renamed(FloatBuffer frozenValues) implements ModelFiles {

        @Override
        public void write(Path directory) {
        }

        @Override
        public String weights() {
            return "adapter_model.safetensors";
        }

        @Override
        public String stored(String parameter) {
            return "base_model.model." + parameter;
        }

        @Override
        public List<Tensor> frozen() {
            return List.of(new Tensor("frozen", List.of(2), frozenValues));
        }
    }

    @Test
    void whatIsFrozenIsSavedBesideWhatTrainsAndRestored() {
        Slots saved = filled();
        Checkpoint checkpoint = Checkpoint.save(run, state(2), player(stepped(saved), new Renamed(FloatBuffer.wrap(new float[] {3, 4}))));
        try (Safetensors file = Safetensors.open(run.resolve("checkpoint-2/adapter_model.safetensors"));
                Safetensors moments = Safetensors.open(run.resolve("checkpoint-2/optimizer.safetensors"))) {
            assertEquals(saved.slots().size() + 1, file.names().size());
            assertTrue(file.names().containsAll(List.of("frozen", "base_model.model." + saved.slots().get(0).name())), file.names().toString());
            assertEquals(2 * saved.slots().size(), moments.names().size());
        }
        FloatBuffer frozen = FloatBuffer.allocate(2);
        AdamW restored = new AdamW(filled(), TinyRun.config().optimizer());
        checkpoint.restore(player(restored, new Renamed(frozen)));
        assertArrayEquals(saved.bits(), ((Slots) restored.parameters()).bits());
        assertArrayEquals(new float[] {3, 4}, frozen.array());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "optimizer.safetensors", "trainer_state.json", "config.json"})
    void aChangedFileIsNamedAndTheCheckpointBeforeIsUsed(String name) throws IOException {
        save(1, 2);
        Path file = run.resolve("checkpoint-2").resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        String message = assertThrows(UserError.class, () -> Checkpoint.open(run.resolve("checkpoint-2"))).getMessage();
        assertTrue(message.startsWith("the checkpoint is broken at " + file + ": its sha256 is "), message);
        assertEquals(1, Checkpoint.latest(run).orElseThrow().state().globalStep());

        Files.write(file, new byte[3]);
        assertTrue(assertThrows(UserError.class, () -> Checkpoint.open(run.resolve("checkpoint-2"))).getMessage().contains("it has 3 bytes"));
        Files.delete(file);
        assertTrue(assertThrows(UserError.class, () -> Checkpoint.open(run.resolve("checkpoint-2"))).getMessage().contains(file + ": it is missing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"files\":{}}", "{\"files\":{\"a\":null}}", "[", "{\"files\":{\"a\":{\"bytes\":1}},\"more\":1}"})
    void aBrokenManifestIsRefused(String text) throws IOException {
        save(1);
        Path file = Files.writeString(run.resolve("checkpoint-1/manifest.json"), text);
        String message = assertThrows(UserError.class, () -> Checkpoint.open(run.resolve("checkpoint-1"))).getMessage();
        assertTrue(message.startsWith("the checkpoint is broken at " + file + ": it is not a manifest"), message);
    }

    @Test
    void whereEveryCheckpointIsBrokenTheNewestIsNamed() throws IOException {
        assertEquals(Optional.empty(), Checkpoint.latest(run.resolve("none")));
        assertEquals(Optional.empty(), Checkpoint.latest(run));
        save(9, 10);
        Files.delete(run.resolve("checkpoint-9/manifest.json"));
        Files.delete(run.resolve("checkpoint-10/manifest.json"));
        String message = assertThrows(UserError.class, () -> Checkpoint.latest(run)).getMessage();
        assertTrue(message.startsWith("the checkpoint is broken at " + run.resolve("checkpoint-10/manifest.json") + ": it is missing"), message);
    }

    @Test
    void stepsAreComparedAsNumbersAndStrangersAreIgnored() throws IOException {
        save(9, 10);
        Files.createDirectory(run.resolve("checkpoint-99x"));
        Files.writeString(run.resolve("checkpoint-77"), "a file");
        assertEquals(10, Checkpoint.latest(run).orElseThrow().state().globalStep());
    }

    @Test
    void aHalfWrittenCheckpointIsNotSeenAndIsClearedByTheNext() throws IOException {
        save(1);
        Path unfinished = Files.createDirectory(run.resolve(".checkpoint-2.tmp"));
        Files.writeString(unfinished.resolve("model.safetensors"), "half");
        assertEquals(1, Checkpoint.latest(run).orElseThrow().state().globalStep());
        save(3);
        assertFalse(Files.exists(unfinished));
    }

    @Test
    void aCheckpointMovedAsideByAKilledSaveIsPutBack() throws IOException {
        save(4);
        Files.move(run.resolve("checkpoint-4"), run.resolve(".checkpoint-4.old"));
        assertEquals(4, Checkpoint.latest(run).orElseThrow().state().globalStep());
    }

    @Test
    void theOldestGoAndThoseOfLaterStepsDoNotCount() throws IOException {
        save(1, 2, 3, 50);
        Checkpoint.save(run, state(4), player(stepped(filled()), TinyRun.FILES)).prune(2);
        assertEquals(List.of("checkpoint-3", "checkpoint-4", "checkpoint-50"), names());
        save(5);
        Checkpoint.save(run, state(6), player(stepped(filled()), TinyRun.FILES)).prune(0);
        assertEquals(List.of("checkpoint-3", "checkpoint-4", "checkpoint-5", "checkpoint-50", "checkpoint-6"), names());
    }

    @Test
    void aFullDiskIsOneMessageAndLeavesTheCheckpointBefore() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/full")), "Linux only");
        save(1);
        ModelFiles full = directory -> Files.writeString(Path.of("/dev/full"), "x");
        AdamW optimizer = stepped(filled());
        String message = assertThrows(UserError.class, () -> Checkpoint.save(run, state(2), player(optimizer, full))).getMessage();
        assertTrue(message.startsWith("cannot write " + run.resolve("checkpoint-2") + ": No space left on device."), message);
        assertEquals(List.of("checkpoint-1"), names());
        assertEquals(1, Checkpoint.latest(run).orElseThrow().state().globalStep());
    }

    @Test
    void aCheckpointOfAnotherModelIsRefusedByTensor() {
        save(1);
        AdamW other = new AdamW(new Slots().add("w", 2, 4).add("b", 5), TinyRun.config().optimizer());
        String message = assertThrows(UserError.class, () -> Checkpoint.latest(run).orElseThrow().restore(player(other, TinyRun.FILES))).getMessage();
        assertTrue(message.contains("tensor 'w' has shape [3, 4], the model needs [2, 4]"), message);
    }

    private void save(long... steps) {
        AdamW optimizer = stepped(filled());
        for (long step : steps) {
            Checkpoint.save(run, state(step), player(optimizer, TinyRun.FILES)).prune(0);
        }
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(run)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aReaderOfARunThatGoesOnTakesAWholeCheckpoint() throws InterruptedException {
        Path going = run.resolve("going-on");
        AdamW optimizer = new AdamW(filled(), TinyRun.config().optimizer());
        Checkpoint.save(going, state(1), player(optimizer, TinyRun.FILES));
        Thread writer = new Thread(() -> {
            for (long step = 2; step <= 60; step++) {
                Checkpoint.save(going, state(step), player(optimizer, TinyRun.FILES)).prune(1);
            }
        });
        writer.start();
        long last = 0;
        long reads = 0;
        for (boolean more = true; more; reads++) {
            more = writer.isAlive();
            long seen = Checkpoint.latest(going).orElseThrow().state().globalStep();
            assertTrue(seen >= last, seen + " after " + last);
            last = seen;
        }
        writer.join();
        assertTrue(last == 60 && reads > 1, last + " in " + reads + " reads");
    }

    private static List<Player> player(Optimizer optimizer, ModelFiles files) {
        return List.of(new Player("policy", optimizer, files));
    }

    /** A game of three, of which one is trained twice as often; today's files of one player have nothing of them. */
    @Test
    void furtherPlayersAreSavedBesideTheFirstByName() throws IOException {
        Slots policy = filled();
        Slots critic = new Slots().add("c", 7);
        critic.slots().get(0).gradients().put(3, 2f);
        AdamW often = new AdamW(critic, TinyRun.config().optimizer());
        often.step(0.1, 1);
        often.step(0.1, 1);
        often.step(0.1, 1);
        ModelFiles none = directory -> { };
        Checkpoint.save(run, state(2), List.of(new Player("policy", stepped(policy), TinyRun.FILES), new Player("critic", often, none),
                new Player("discriminator", stepped(filled()), none)));
        assertTrue(Files.readString(run.resolve("checkpoint-2/trainer_state.json")).contains("\"critic\" : 3"));
        Slots first = filled();
        AdamW second = new AdamW(new Slots().add("c", 7), TinyRun.config().optimizer());
        AdamW third = new AdamW(filled(), TinyRun.config().optimizer());
        List<Player> restored = List.of(new Player("policy", new AdamW(first, TinyRun.config().optimizer()), TinyRun.FILES),
                new Player("critic", second, none), new Player("discriminator", third, none));
        Checkpoint checkpoint = Checkpoint.latest(run).orElseThrow();
        checkpoint.restore(restored);
        assertArrayEquals(policy.bits(), first.bits());
        assertArrayEquals(critic.bits(), ((Slots) second.parameters()).bits());
        assertEquals(often.state(), second.state());
        assertEquals(List.of(2L, 3L, 2L), restored.stream().map(player -> player.optimizer().steps()).toList());
        String message = assertThrows(UserError.class, () -> checkpoint.restore(restored.subList(0, 1))).getMessage();
        assertTrue(message.startsWith(run.resolve("checkpoint-2") + " holds beside its model [critic, discriminator], the run trains []."), message);
        save(3);
        assertFalse(Files.readString(run.resolve("checkpoint-3/trainer_state.json")).contains("player"));
    }

    private static TrainerState state(long step) {
        return new TrainerState(step, 0.1, 42, "abc", 100, 1000, 7);
    }

    private static Slots filled() {
        Slots slots = new Slots().add("w", 3, 4).add("b", 5);
        for (var slot : slots.slots()) {
            for (int i = 0; i < slot.size(); i++) {
                slot.gradients().put(i, i - 2.5f);
            }
        }
        return slots;
    }

    private static AdamW stepped(Slots slots) {
        AdamW optimizer = new AdamW(slots, TinyRun.config().optimizer());
        optimizer.step(0.1, 1);
        optimizer.step(0.1, 0.5);
        return optimizer;
    }
}
