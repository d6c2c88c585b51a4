package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The check itself sees what is opened, closed and swapped. */
class DescriptorLeakCheckTest {
  @Test
  void seesADescriptorComeAndGo() throws IOException {
    Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
    TestDescriptor.Pair pipe = TestDescriptor.pipe();
    int rd = pipe.rd().fileno();
    Map<Integer, String> with = DescriptorLeakCheck.openDescriptors();
    assertEquals(before.size() + 2, with.size());
    assertTrue(with.get(rd).startsWith("pipe:"), with::toString);
    pipe.rd().close();
    pipe.wr().close();
    assertEquals(before, DescriptorLeakCheck.openDescriptors());
  }

  @Test
  void seesANumberThatNamesAnotherFile() throws IOException {
    TestDescriptor.Pair one = TestDescriptor.pipe();
    TestDescriptor.Pair other = TestDescriptor.pipe();
    try (TestDescriptor rd = one.rd();
        TestDescriptor wr = one.wr();
        TestDescriptor otherRd = other.rd();
        TestDescriptor otherWr = other.wr()) {
      Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
      TestLibrary.check(TestLibrary.dup2(otherRd.fileno(), rd.fileno()));
      Map<Integer, String> after = DescriptorLeakCheck.openDescriptors();
      assertEquals(before.keySet(), after.keySet());
      assertNotEquals(before, after);
      assertEquals(after.get(otherWr.fileno()), after.get(rd.fileno()));
      assertEquals(before.get(wr.fileno()), after.get(wr.fileno()));
    }
  }
}
