/** The descriptors of file objects: of the JDK's own classes, too. Not exported. */
@NullMarked
package io.github.selectors4j.internal.fileobject;

import org.jspecify.annotations.NullMarked;
