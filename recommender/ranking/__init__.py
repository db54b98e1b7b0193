"""Candidates into ranked lists with reasons."""
