"""JSON: lines, documents, API responses, JSON Feed and Ghost exports."""
