package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GenerationConfigTest {

    private static String refusal(Consumer<GenerationConfig.Draft> change) {
        return assertThrows(UserError.class, () -> Settings.of(change)).getMessage();
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        assertEquals("min_p must be at least 0 and at most 1 (0 is all), was 1.5", refusal(s -> s.minP(1.5)));
        assertEquals("repetition_penalty must be above 0 (1 is none), was 0", refusal(s -> s.repetitionPenalty(0)));
        assertEquals("num_beams must be at least 1 (1: no beam search), was 0", refusal(s -> s.numBeams(0)));
        assertEquals("length_penalty must be a finite number (0 is the plain sum), was NaN", refusal(s -> s.lengthPenalty(Double.NaN)));
        assertEquals("stop_strings must not have an empty text, which would stop before the first token",
                refusal(s -> s.stopStrings(List.of("a", ""))));
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertEquals("num_beams is 4 and do_sample is true; a beam search does not sample. Set do_sample to false to search, or num_beams "
                + "to 1 to sample",
                assertThrows(UserError.class, () -> Settings.of(s -> s.doSample(true).numBeams(4)).requireUsable(9)).getMessage());
        assertEquals("num_return_sequences is 5, more than num_beams, 4: a beam search finds no more. Raise num_beams, or lower "
                + "num_return_sequences",
                refusal(s -> s.numBeams(4).numReturnSequences(5)));
    }

    @Test
    void samplingLeavesTheBeamSearch() {
        GenerationConfig sampling = Settings.of(s -> s.numBeams(4).minP(0.1)).sampling(0.5, 8, 3);
        assertEquals(1, sampling.numBeams());
        assertEquals(0.1, sampling.minP());
    }

    @Test
    void rowsAreWhatThePromptsNeedUpToTheBatchSize() {
        assertEquals(6, Settings.of(s -> s.numReturnSequences(3).batchSize(32)).rows(2));
        assertEquals(3, Settings.of(s -> s.batchSize(3)).rows(100));
        assertEquals(8, Settings.of(s -> s.numBeams(4).batchSize(10)).rows(100), "whole searches");
        assertEquals(4, Settings.of(s -> s.numBeams(4).batchSize(1)).rows(100));
    }

    @Test
    void processorsComeInTheOrderOfHuggingFace() {
        assertEquals("[RepetitionPenalty[penalty=1.5], Temperature[temperature=0.5], TopK[k=3], TopP[p=0.9], MinP[share=0.1]]",
                LogitsProcessor.of(Settings.of(s -> s.doSample(true).minP(0.1).topP(0.9).topK(3).temperature(0.5).repetitionPenalty(1.5)),
                        Set.of(0)).toString());
        assertEquals("[]", LogitsProcessor.of(GenerationConfig.defaults(), Set.of(0)).toString());
    }
}
