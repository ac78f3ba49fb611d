package io.tidemark.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    @TempDir
    Path directory;

    @Test
    void whoIsRefusedInTheSameProcessDoesNotGiveTheLockAway() throws Exception {
        try (DirectoryLock first = DirectoryLock.take(directory)) {
            assertRefused(directory);
            assertFalse(OtherProcess.locks(directory), () -> "another process has it beside " + first);
            assertRefused(directory);
        }
        assertTrue(OtherProcess.locks(directory));
        DirectoryLock.take(directory).close();
    }

    @Test
    void aDirectoryIsTheSameByEachOfItsNames() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("d")));
        try (DirectoryLock first = DirectoryLock.take(directory.resolve("d"))) {
            assertRefused(link);
            assertFalse(OtherProcess.locks(link), () -> "another process has it beside " + first);
        }
    }

    @Test
    void theLockGoesAwayWithItsFileWhereAnotherDirectoryTakesTheName() throws IOException {
        Path place = directory.resolve("n1");
        try (DirectoryLock first = DirectoryLock.take(place)) {
            Files.move(place, directory.resolve("unfit"));
            DirectoryLock next = DirectoryLock.take(place);
            assertRefused(place);
            next.close();
            next.close();
            assertRefused(directory.resolve("unfit"));
        }
        DirectoryLock.take(directory.resolve("unfit")).close();
    }

    @Test
    void aLockBesideTheDirectoryNamesTheDirectory() {
        Path file = directory.resolve("run/n1.lock");
        try (DirectoryLock first = DirectoryLock.take(file, directory.resolve("n1"))) {
            TidemarkException refused =
                    assertThrows(TidemarkException.class, () -> DirectoryLock.take(file, directory.resolve("n1")));
            assertTrue(refused.getMessage().contains(directory.resolve("n1") + " is open already"), first::toString);
        }
        DirectoryLock.take(file, directory.resolve("n1")).close();
    }

    @Test
    void aDirectoryThatIsMadeForALockHasItsNameForGood() {
        List<Path> made = new ArrayList<>();
        RealDisk real = new RealDisk();
        Disk disk = (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("createDirectories") && !real.exists((Path) arguments[0])) {
                        made.add((Path) arguments[0]);
                    }
                    return method.invoke(real, arguments);
                });
        Path place = directory.resolve("a/b");
        DirectoryLock.take(place.resolve("lock"), place, disk).close();
        assertEquals(List.of(place), made, "made by the disk, which syncs the parent");
    }

    @Test
    void nothingIsMadeWhereNobodyEverLocked() {
        assertEquals(null, DirectoryLock.takeExisting(directory.resolve("none")));
        assertFalse(Files.exists(directory.resolve("none")));
    }

    private static void assertRefused(Path place) {
        TidemarkException refused = assertThrows(TidemarkException.class, () -> DirectoryLock.take(place));
        assertEquals(ErrorKind.UNAVAILABLE, refused.kind());
        long pid = ProcessHandle.current().pid();
        assertTrue(refused.getMessage().contains("in process " + pid), refused::getMessage);
    }
}
