"""What the choices of fields are called in the description of the interface, where a field's name is shared."""

CHOICE_NAMES = {
    "JobStatusEnum": "workflow.models.Job.Status",
    "RunStatusEnum": "talents.models.AssessmentRun.Status",
    "FigureStandingEnum": "policies.rules.targets.Standing",
    "PolicyStandingEnum": "policies.api.STANDING_CHOICES",
    "SkillLevelEnum": "talents.models.SkillLevel",
    "StudioLevelEnum": "talents.models.Studio.Level",
    "CandidateCategoryEnum": "talents.models.Nomination.Category",
    "ObjectionCategoryEnum": "talents.models.Objection.Category",
    "EvaluationGradeEnum": "academies.models.Evaluation.Grade",
    "MaskingDecisionEnum": "talents.models.Masking.Decision",
    "PanelDecisionEnum": "talents.models.PanelDecision.Decision",
    "GoalKindEnum": "talents.models.CultivationGoal.Kind",
    "PolicyStatusEnum": "policies.models.PolicyEdition.STATUS_LABELS",
    "ImportStatusEnum": "intake.models.ImportBatch.Status",
    "DraftStatusEnum": "policies.models.EditionDraft.STATUS_LABELS",
}
