package io.softq4j.graph.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.softq4j.common.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

/** The answers of nvidia-smi are those of real machines, UUIDs shortened. */
class BackendChoiceTest {

    private static final String H100 = "0, GPU-6f1a, NVIDIA H100 80GB HBM3, 9.0, 81559 MiB, 535.129.03\n";
    private static final String A100 = "1, GPU-77b2, NVIDIA A100-SXM4-80GB, 8.0, 81920 MiB, 535.129.03\n";
    private static final String NO_COMPUTE_CAP = "Field \"compute_cap\" is not a valid field to query.\n";

    private static BackendChoice decide(String asked, String smi, String cudaProblem) {
        return BackendChoice.decide(asked, () -> Gpus.parse(smi), () -> cudaProblem);
    }

    @ParameterizedTest
    @CsvSource({"Tesla K40, 3.5, false", "Tesla K80, 3.7, true", "Tesla M60, 5.2, true", "Jetson TX1, 5.3, false", "Tesla P100, 6.0, true",
            "Jetson TX2, 6.2, false",
        "Tesla V100, 7.0, true", "Jetson Xavier, 7.2, false", "Tesla T4, 7.5, true", "A100, 8.0, true", "A10, 8.6, true",
        "Jetson Orin, 8.7, false",
            "L4, 8.9, true",
        "H100, 9.0, false", "H200, 9.0, false", "B200, 10.0, false", "RTX 5090, 12.0, false"})
    void machineCodeRunsOnItsOwnGenerationFromItsRevisionOn(String name, String capability, boolean usable) {
        assertEquals(usable, CudaBackend.runsOn(ComputeCapability.parse(capability)), name);
    }

    @Test
    void withoutBeingAskedNoGpuIsLookedFor() {
        BackendChoice choice = BackendChoice.decide(null, () -> fail("asked nvidia-smi"), () -> fail("loaded CUDA"));
        assertEquals(new BackendChoice(false, ""), choice);
        assertEquals(choice, BackendChoice.decide("cpu", () -> fail("asked nvidia-smi"), () -> fail("loaded CUDA")));
    }

    @Test
    void aGpuWithMachineCodeIsUsed() {
        assertEquals(new BackendChoice(true, ""), decide("cuda", A100, ""));
    }

    @Test
    void aGpuWithoutMachineCodeIsNamedAndRefused() {
        String message = assertThrows(UserError.class, () -> decide("cuda", H100, "")).getMessage();
        assertEquals("GPU 0, NVIDIA H100 80GB HBM3, has compute capability 9.0; nd4j-cuda-11.6 1.0.0-M2.1 has machine code for "
                + "3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0, 8.6 and 8.9 only. Compute on the CPU: SOFTQ_BACKEND=cpu.", message);
    }

    @Test
    void theRefusalNamesAnotherGpuThatWouldDo() {
        String message = assertThrows(UserError.class, () -> decide("cuda", H100 + A100, "")).getMessage();
        assertTrue(message.endsWith("Or choose NVIDIA A100-SXM4-80GB: CUDA_VISIBLE_DEVICES=1."), message);
    }

    @Test
    void withoutAGpuItFallsBackToTheCpuAndSaysSoInOneLine() {
        BackendChoice choice = decide("cuda", "", "");
        assertFalse(choice.cuda());
        assertEquals("SOFTQ_BACKEND=cuda, but computing on the CPU: no usable GPU: nvidia-smi lists no GPU.", choice.note());
    }

    @Test
    void aDriverTooOldToTellTheCapabilityIsQuoted() {
        assertEquals("nvidia-smi says: Field \"compute_cap\" is not a valid field to query.", Gpus.parse(NO_COMPUTE_CAP).problem());
    }

    @Test
    void withoutCudaLibrariesItFallsBackToTheCpuAndNamesThem() {
        BackendChoice choice = decide("cuda", A100, "NVIDIA's cudart does not load");
        assertEquals(new BackendChoice(false, "SOFTQ_BACKEND=cuda, but computing on the CPU: NVIDIA's cudart does not load."), choice);
    }

    @Test
    void anUnknownBackendIsRefused() {
        assertEquals("SOFTQ_BACKEND is 'gpu'; allowed are cpu and cuda.", assertThrows(UserError.class, () -> decide("gpu", A100, ""))
                .getMessage());
    }

    @Test
    void cudaVisibleDevicesOrdersAndHides() {
        Gpus both = Gpus.parse(H100 + A100);
        assertEquals(List.of(1, 0), both.visible("1,0").gpus().stream().map(Gpu::index).toList());
        assertEquals(List.of(1), both.visible("GPU-77b2").gpus().stream().map(Gpu::index).toList());
        assertEquals(List.of(0), both.visible("0,5,1").gpus().stream().map(Gpu::index).toList());
        assertEquals("CUDA_VISIBLE_DEVICES is '', which shows none of the 2 GPUs", both.visible("").problem());
        assertEquals(both, both.visible(null));
    }

    @Test
    void nd4jLoadsTheBackendThatWasChosen() {
        Engine engine = Engine.load();
        assertEquals("CPU", engine.backend());
        assertTrue(engine.classifier().matches("[a-z]+-[a-z0-9_]+(-onednn)?(-avx2|-avx512)?"), engine.classifier());
        assertEquals("ChosenBackend", Nd4j.getBackend().getClass().getSimpleName());
    }
}
