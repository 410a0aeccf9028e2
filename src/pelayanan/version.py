"""
The version of the library, which results name.
"""

__all__ = ["VERSION"]

VERSION = "0.1.0"
