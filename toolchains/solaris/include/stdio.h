/* jni.h asks for it and takes nothing from it. */
#pragma once
